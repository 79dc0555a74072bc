import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * A second opinion on ACP 5.1.0, for UnionPay publishes no SDK that could be had: the rules of its
 * documents in the words of java.security, with no line in common with the sandbox or a gateway.
 * Started with four PEM files (merchant's key, merchant's certificate, middle, root); one line in, one
 * line out, each of them an operation or a verdict and base64 of a message:
 *
 *   sign <form>          the form with certId and signature
 *   answer <raw text>    what a synchronous answer says, if it is UnionPay's
 *   notification <form>  what a notification says, if it is UnionPay's
 *   request <form>       what a request says, if it is the merchant's
 *
 * Verdicts are `ok` or the first thing that is wrong. Messages that come out are forms.
 */
public final class SecondOpinion {
  private static final String UNIONPAY = "中国银联股份有限公司";

  private final PrivateKey merchantKey;
  private final X509Certificate merchant;
  private final X509Certificate middle;
  private final X509Certificate root;

  private SecondOpinion(String[] files) throws IOException, GeneralSecurityException {
    merchantKey = privateKey(Files.readString(Path.of(files[0])));
    merchant = certificate(Files.readString(Path.of(files[1])));
    middle = certificate(Files.readString(Path.of(files[2])));
    root = certificate(Files.readString(Path.of(files[3])));
  }

  public static void main(String[] files) throws IOException, GeneralSecurityException {
    SecondOpinion opinion = new SecondOpinion(files);
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      out.println(opinion.on(line));
    }
  }

  private String on(String line) {
    String[] parts = line.split(" ", 2);
    String message = new String(Base64.getDecoder().decode(parts[1]), StandardCharsets.UTF_8);
    Map<String, String> fields = new TreeMap<>();
    try {
      switch (parts[0]) {
        case "sign" -> {
          fields.putAll(readForm(message));
          fields.put("certId", merchant.getSerialNumber().toString());
          fields.put("signature", sign(fields));
        }
        case "answer" -> {
          fields.putAll(readAnswer(message));
          checkUnionpay(fields);
        }
        case "notification" -> {
          fields.putAll(readForm(message));
          checkUnionpay(fields);
        }
        case "request" -> {
          fields.putAll(readForm(message));
          checkMerchant(fields);
        }
        default -> throw new Wrong("operation");
      }
    } catch (Wrong wrong) {
      return wrong.getMessage() + " " + form(fields);
    } catch (GeneralSecurityException | InvalidNameException | IllegalArgumentException failure) {
      return "unreadable " + form(fields);
    }
    return "ok " + form(fields);
  }

  /** Key of the certificate that came along, once the certificate itself is to be believed. */
  private void checkUnionpay(Map<String, String> fields)
      throws Wrong, GeneralSecurityException, InvalidNameException {
    String pem = fields.get("signPubKeyCert");
    if (pem == null || fields.get("signature") == null) throw new Wrong("unsigned");
    X509Certificate signer = certificate(pem);
    checkChain(signer);
    String[] name = commonName(signer).split("@");
    if (name.length < 3 || !name[2].equals(UNIONPAY)) throw new Wrong("subject");
    if (!verifies(fields, signer.getPublicKey())) throw new Wrong("signature");
  }

  private void checkMerchant(Map<String, String> fields) throws Wrong, GeneralSecurityException {
    if (!merchant.getSerialNumber().toString().equals(fields.get("certId"))) {
      throw new Wrong("certId");
    }
    if (fields.get("signature") == null) throw new Wrong("unsigned");
    if (!verifies(fields, merchant.getPublicKey())) throw new Wrong("signature");
  }

  private void checkChain(X509Certificate signer) throws Wrong, GeneralSecurityException {
    PKIXParameters rules = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
    rules.setRevocationEnabled(false);
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    try {
      CertPathValidator.getInstance("PKIX")
          .validate(factory.generateCertPath(List.of(signer, middle)), rules);
    } catch (CertPathValidatorException failure) {
      throw new Wrong(failure.getReason() == BasicReason.EXPIRED ? "expired" : "chain");
    }
  }

  private String sign(Map<String, String> fields) throws GeneralSecurityException {
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(merchantKey);
    signature.update(digest(fields));
    return Base64.getEncoder().encodeToString(signature.sign());
  }

  private static boolean verifies(Map<String, String> fields, PublicKey key)
      throws GeneralSecurityException {
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initVerify(key);
    signature.update(digest(fields));
    return signature.verify(Base64.getDecoder().decode(fields.get("signature")));
  }

  /** Of the sorted pairs the SHA-256, and of that its 64 lower-case letters: they are what is signed. */
  private static byte[] digest(Map<String, String> fields) throws GeneralSecurityException {
    List<String> pairs = new ArrayList<>();
    new TreeMap<>(fields)
        .forEach(
            (name, value) -> {
              if (!name.equals("signature") && !value.isEmpty()) pairs.add(name + "=" + value);
            });
    byte[] text = String.join("&", pairs).getBytes(StandardCharsets.UTF_8);
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(text);
    return HexFormat.of().formatHex(hash).getBytes(StandardCharsets.US_ASCII);
  }

  /** Cut where no brace and no bracket is open; nothing in it is encoded. */
  private static Map<String, String> readAnswer(String text) throws Wrong {
    Map<String, String> fields = new TreeMap<>();
    int open = 0;
    int from = 0;
    for (int at = 0; at <= text.length(); at++) {
      char here = at < text.length() ? text.charAt(at) : '&';
      if (here == '{' || here == '[') open++;
      if (here == '}' || here == ']') open--;
      if (at == text.length() && open != 0) throw new Wrong("unbalanced");
      if (here != '&' || open != 0) continue;
      String pair = text.substring(from, at);
      int equals = pair.indexOf('=');
      if (equals < 1) throw new Wrong("unreadable");
      fields.put(pair.substring(0, equals), pair.substring(equals + 1));
      from = at + 1;
    }
    return fields;
  }

  private static Map<String, String> readForm(String text) throws Wrong {
    Map<String, String> fields = new TreeMap<>();
    for (String pair : text.split("&")) {
      int equals = pair.indexOf('=');
      if (equals < 1) throw new Wrong("unreadable");
      String name = URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8);
      String value = URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8);
      if (fields.put(name, value) != null) throw new Wrong("unreadable");
    }
    return fields;
  }

  private static String form(Map<String, String> fields) {
    List<String> pairs = new ArrayList<>();
    fields.forEach(
        (name, value) -> pairs.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)));
    String text = String.join("&", pairs);
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String commonName(X509Certificate certificate) throws InvalidNameException {
    for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
      if (part.getType().equalsIgnoreCase("CN")) return part.getValue().toString();
    }
    return "";
  }

  private static X509Certificate certificate(String pem) throws GeneralSecurityException {
    byte[] bytes = pem.getBytes(StandardCharsets.US_ASCII);
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(bytes));
  }

  private static PrivateKey privateKey(String pem) throws GeneralSecurityException {
    String body = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
    return KeyFactory.getInstance("RSA")
        .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body)));
  }

  private static final class Wrong extends Exception {
    Wrong(String what) {
      super(what);
    }
  }
}
