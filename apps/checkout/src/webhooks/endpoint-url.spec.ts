import { describe, expect, it } from '@jest/globals';
import { bareHost, parseEndpointUrl } from './endpoint-url.js';

const none = new Set<string>();
const development = new Set(['127.0.0.1', 'receiver', '[::1]']);
const codeOf = (text: string, hosts = none) => {
  const parsed = parseEndpointUrl(text, hosts);
  return parsed.ok ? parsed.value.href : parsed.refusal.code;
};

describe('where webhooks may go', () => {
  it.each<string>([
    'https://shop.example.com/hooks',
    'https://shop.example.com/hooks?tenant=7',
    'https://shop.example.com:8443/',
    'https://xn--fiq228c.example.cn/a',
    'https://8.8.8.8/hooks',
    'https://[2606:4700:4700::1111]/hooks',
  ])('%s is taken as it is', (text) => {
    expect(codeOf(text)).toBe(text);
  });

  it.each<[text: string, code: string]>([
    ['', 'endpoint_url_invalid'],
    ['shop.example.com/hooks', 'endpoint_url_invalid'],
    ['https://', 'endpoint_url_invalid'],
    ['https://shop.example.com/a b', 'endpoint_url_invalid'],
    ['https://shop.exam\tple.com/', 'endpoint_url_invalid'],
    ['https://shop.example.com/ä', 'endpoint_url_invalid'],
    ['https://１２７.0.0.1/', 'endpoint_url_invalid'],
    [`https://shop.example.com/${'a'.repeat(2_048)}`, 'endpoint_url_invalid'],
    ['https://256.256.256.256/', 'endpoint_url_invalid'],
    ['http://shop.example.com/', 'endpoint_url_not_https'],
    ['http://127.0.0.1/', 'endpoint_url_not_https'],
    ['ftp://shop.example.com/', 'endpoint_url_not_https'],
    ['file:///etc/passwd', 'endpoint_url_not_https'],
    ['javascript:alert(1)', 'endpoint_url_not_https'],
    ['https:shop.example.com', 'endpoint_url_odd'],
    ['https:///shop.example.com', 'endpoint_url_odd'],
    ['https:\\\\shop.example.com\\', 'endpoint_url_odd'],
    ['https://shop.example.com\\@127.0.0.1/', 'endpoint_url_odd'],
    ['https://user:word@shop.example.com/', 'endpoint_url_odd'],
    ['https://shop.example.com@127.0.0.1/', 'endpoint_url_odd'],
    ['https://shop.example.com/#there', 'endpoint_url_odd'],
    ['https://0x7f.0.0.1/', 'endpoint_url_odd'],
    ['https://0177.0.0.1/', 'endpoint_url_odd'],
    ['https://127.1/', 'endpoint_url_odd'],
    ['https://2130706433/', 'endpoint_url_odd'],
    ['https://127.0.0.1./', 'endpoint_url_odd'],
    ['https://8.8.8.08/', 'endpoint_url_invalid'],
    ['https://%6cocalhost/', 'endpoint_url_odd'],
    ['https://[::ffff:127.0.0.1]/', 'endpoint_url_odd'],
    ['https://[0:0:0:0:0:0:0:1]/', 'endpoint_url_odd'],
    ['https://127.0.0.1/', 'endpoint_address_not_public'],
    ['https://10.1.2.3/', 'endpoint_address_not_public'],
    ['https://169.254.169.254/latest/meta-data', 'endpoint_address_not_public'],
    ['https://100.64.0.1/', 'endpoint_address_not_public'],
    ['https://[::1]/', 'endpoint_address_not_public'],
    ['https://[::ffff:7f00:1]/', 'endpoint_address_not_public'],
    ['https://[fd00:ec2::254]/', 'endpoint_address_not_public'],
    ['https://localhost/', 'endpoint_address_not_public'],
    ['https://LOCALHOST/', 'endpoint_address_not_public'],
    ['https://a.localhost/', 'endpoint_address_not_public'],
    ['https://postgres/', 'endpoint_address_not_public'],
    ['https://ledger.svc.cluster.local/', 'endpoint_address_not_public'],
    ['https://metadata.google.internal/', 'endpoint_address_not_public'],
    ['https://shop.example.com./', 'endpoint_address_not_public'],
    ['https://shop..example.com/', 'endpoint_address_not_public'],
  ])('%s is refused: %s', (text, code) => {
    expect(codeOf(text)).toBe(code);
  });

  it('is what the configuration names, in development', () => {
    expect(codeOf('http://127.0.0.1:9000/hooks', development)).toBe('http://127.0.0.1:9000/hooks');
    expect(codeOf('http://receiver/hooks', development)).toBe('http://receiver/hooks');
    expect(codeOf('https://[::1]/', development)).toBe('https://[::1]/');
    expect(codeOf('http://127.0.0.2/', development)).toBe('endpoint_url_not_https');
    expect(codeOf('http://127.1/', development)).toBe('endpoint_url_odd');
    expect(codeOf('https://other/', development)).toBe('endpoint_address_not_public');
  });

  it('is connected to without the brackets of IPv6', () => {
    expect(bareHost(new URL('https://[2606:4700::1]/'))).toBe('2606:4700::1');
    expect(bareHost(new URL('https://shop.example.com/'))).toBe('shop.example.com');
  });
});
