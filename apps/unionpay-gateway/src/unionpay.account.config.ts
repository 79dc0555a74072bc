import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import {
  AccountFiles,
  accountOf,
  AccountWire,
  FILE_NAME,
  parseAccount,
  type Account,
} from '@hutong/gateway';
import { IsOptional, IsString, Length, Matches } from 'class-validator';
import { authoritiesIn, type Trust } from './unionpay.certificates.signature.js';
import { certIdOf } from './unionpay.signature.js';

/** One merchant at UnionPay. */
export type UnionpayAccount = Account &
  Readonly<{
    /** 15 digits. */
    merId: string;
    privateKey: KeyObject;
    /** The serial of its certificate, in decimal: with it each request says who signed. */
    certId: string;
    /** Who may vouch for UnionPay's certificates. */
    trust: Trust;
    /** Of the till that reads payers' codes; without it none are read. */
    terminalId: string | undefined;
    notifyUrl: string;
  }>;

class UnionpayAccountWire extends AccountWire {
  @Matches(/^\d{15}$/) merId!: string;
  /** The merchant's own, whose serial names it. */
  @IsString() @Length(...FILE_NAME) certificateFile!: string;
  /** While UnionPay changes one, both are in the file. */
  @IsString() @Length(...FILE_NAME) middleCertificatesFile!: string;
  @IsString() @Length(...FILE_NAME) rootCertificatesFile!: string;
  @IsOptional() @Matches(/^[0-9A-Za-z]{8}$/) terminalId?: string;
}

/** One account with its keys. @throws Error naming the field that is wrong, never what is in it. */
export function readUnionpayAccount(json: unknown, folder: string): UnionpayAccount {
  const wire = parseAccount(UnionpayAccountWire, json);
  const files = new AccountFiles(folder);
  const privateKey = files.rsaKey('privateKeyFile', wire.privateKeyFile, createPrivateKey);
  const ours = (pem: string) => certIdFor(pem, privateKey);
  const authorities = (field: 'middleCertificatesFile' | 'rootCertificatesFile') =>
    files.pem(field, wire[field], 'authorities', authoritiesIn);
  return {
    ...accountOf(wire),
    merId: wire.merId,
    privateKey,
    certId: files.pem('certificateFile', wire.certificateFile, 'certificate of our key', ours),
    trust: {
      middles: authorities('middleCertificatesFile'),
      roots: authorities('rootCertificatesFile'),
    },
    terminalId: wire.terminalId,
  };
}

/** Of the certificate that is of this key: under another's name everything would be refused. */
function certIdFor(pem: string, privateKey: KeyObject): string {
  const certificate = new X509Certificate(pem);
  if (!certificate.checkPrivateKey(privateKey)) throw new Error('of another key');
  return certIdOf(certificate.serialNumber);
}
