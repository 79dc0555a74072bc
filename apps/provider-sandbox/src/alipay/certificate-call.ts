import { CertificateWire } from './biz.wire.js';
import { readBiz } from './biz-content.wire.js';
import { ready, type ReadCall } from './calls.js';
import { alipayRefusal } from './refusal.js';
import { answered } from './reply.js';

/** For whoever heard of a certificate that it does not know: the file, in base64. */
export const readCertificateDownload: ReadCall = ({ account, biz }) => {
  const read = readBiz(CertificateWire, biz);
  if (!read.ok) return read;
  const { alipay_cert_sn: number } = read.value.wire;
  return ready(undefined, ({ signers }) => {
    const certificate = signers.find(account, number);
    if (certificate === undefined) {
      const issue = 'no certificate of this app has that number';
      return { kind: 'refused', refusal: alipayRefusal('isv.invalid-parameter', issue) };
    }
    return answered({ alipay_cert_content: Buffer.from(certificate.pem).toString('base64') });
  });
};
