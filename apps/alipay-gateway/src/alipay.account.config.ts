import { createPrivateKey, createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';
import type { Secret } from '@hutong/config';
import {
  AccountFiles,
  accountOf,
  AccountWire,
  FILE_NAME,
  parseAccount,
  type Account,
} from '@hutong/gateway';
import { Type } from 'class-transformer';
import {
  ArrayMinSize,
  IsArray,
  IsDefined,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { certificateSn, rootCertificatesSn, type KeyRing } from './alipay.signature.js';

/** One app of one merchant at Alipay. */
export type AlipayAccount = Account &
  Readonly<{
    appId: string;
    /** The merchant's own number (PID), to whom the money goes. */
    sellerId: string;
    privateKey: KeyObject;
    /** In certificate mode, what names our certificate and the roots in each request. */
    certificates: Readonly<{ appSn: string; rootsSn: string }> | undefined;
    /** Alipay's keys that answers and notifications may be signed with. */
    keys: KeyRing;
    /** Where the merchant has switched content encryption on: 16 bytes in base64. */
    contentKey: Secret | undefined;
    /** Of a code to scan: which one depends on the age of the contract. */
    qrProductCode: string;
    notifyUrl: string;
  }>;

/**
 * `public_key`: Alipay's public key, copied by hand; while it changes, the old one beside it.
 * `certificates`: our own certificate, the roots, and Alipay's certificates, one or more.
 */
class AlipayKeysWire {
  @IsIn(['public_key', 'certificates']) mode!: 'public_key' | 'certificates';
  @ValidateIf(hasPublicKeys)
  @IsArray()
  @ArrayMinSize(1)
  @Length(...FILE_NAME, { each: true })
  publicKeyFiles?: string[];
  @ValidateIf(hasCertificates) @IsString() @Length(...FILE_NAME) appCertificateFile?: string;
  @ValidateIf(hasCertificates) @IsString() @Length(...FILE_NAME) rootCertificatesFile?: string;
  @ValidateIf(hasCertificates)
  @IsArray()
  @ArrayMinSize(1)
  @Length(...FILE_NAME, { each: true })
  certificateFiles?: string[];
}

/** Fields of the other mode are a mistake, and validated as such. */
function hasPublicKeys({ mode, publicKeyFiles }: AlipayKeysWire): boolean {
  return mode === 'public_key' || publicKeyFiles !== undefined;
}

function hasCertificates(wire: AlipayKeysWire): boolean {
  const { mode, appCertificateFile, rootCertificatesFile, certificateFiles } = wire;
  const said = [appCertificateFile, rootCertificatesFile, certificateFiles];
  return mode === 'certificates' || said.some((field) => field !== undefined);
}

class AlipayAccountWire extends AccountWire {
  @Matches(/^\d{16,32}$/) appId!: string;
  @Matches(/^2088\d{12}$/) sellerId!: string;
  @IsDefined()
  @IsObject()
  @ValidateNested()
  @Type(() => AlipayKeysWire)
  alipayKeys!: AlipayKeysWire;
  @IsOptional() @IsString() @Length(...FILE_NAME) contentKeyFile?: string;
  @IsOptional() @Matches(/^[A-Z_]{1,64}$/) qrProductCode?: string;
}

/** One account with its keys. @throws Error naming the field that is wrong, never what is in it. */
export function readAlipayAccount(json: unknown, folder: string): AlipayAccount {
  const wire = parseAccount(AlipayAccountWire, json);
  const files = new AccountFiles(folder);
  const { contentKeyFile } = wire;
  return {
    ...accountOf(wire),
    appId: wire.appId,
    sellerId: wire.sellerId,
    privateKey: files.rsaKey('privateKeyFile', wire.privateKeyFile, createPrivateKey),
    ...alipayKeysOf(wire.alipayKeys, files),
    contentKey: contentKeyFile === undefined ? undefined : contentKeyIn(contentKeyFile, files),
    qrProductCode: wire.qrProductCode ?? 'QR_CODE_OFFLINE',
  };
}

function alipayKeysOf(
  wire: AlipayKeysWire,
  files: AccountFiles,
): Pick<AlipayAccount, 'keys' | 'certificates'> {
  const { publicKeyFiles = [], appCertificateFile, rootCertificatesFile, certificateFiles } = wire;
  if (wire.mode === 'public_key') {
    const keys = publicKeyFiles.map((file) => {
      return [file, files.rsaKey('alipayKeys.publicKeyFiles', file, createPublicKey)] as const;
    });
    return { keys: new Map(keys), certificates: undefined };
  }
  const keys = (certificateFiles ?? []).map((file) =>
    files.pem('alipayKeys.certificateFiles', file, 'RSA certificate', certificateIn),
  );
  const sn = (field: string, file: string | undefined, read: (pem: string) => string) =>
    files.pem(`alipayKeys.${field}`, file ?? '', 'certificate of use', read);
  const appSn = sn('appCertificateFile', appCertificateFile, certificateSn);
  const rootsSn = sn('rootCertificatesFile', rootCertificatesFile, rootCertificatesSn);
  return { keys: new Map(keys), certificates: { appSn, rootsSn } };
}

function certificateIn(pem: string): readonly [sn: string, key: KeyObject] {
  const { publicKey } = new X509Certificate(pem);
  if (publicKey.asymmetricKeyType !== 'rsa') throw new Error('of another kind of key');
  return [certificateSn(pem), publicKey];
}

function contentKeyIn(file: string, files: AccountFiles): Secret {
  const secret = files.secret('contentKeyFile', file);
  if (!/^[A-Za-z0-9+/]{22}==$/.test(secret.reveal())) {
    throw new Error('contentKeyFile is not 16 bytes in base64');
  }
  return secret;
}
