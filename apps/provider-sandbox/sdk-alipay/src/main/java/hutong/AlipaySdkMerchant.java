package hutong;

import com.alipay.api.AlipayApiException;
import com.alipay.api.AlipayClient;
import com.alipay.api.AlipayConfig;
import com.alipay.api.AlipayRequest;
import com.alipay.api.AlipayResponse;
import com.alipay.api.DefaultAlipayClient;
import com.alipay.api.internal.util.AlipaySignature;
import com.alipay.api.request.AlipayTradeAppPayRequest;
import com.alipay.api.request.AlipayTradeCancelRequest;
import com.alipay.api.request.AlipayTradeCloseRequest;
import com.alipay.api.request.AlipayTradeFastpayRefundQueryRequest;
import com.alipay.api.request.AlipayTradePagePayRequest;
import com.alipay.api.request.AlipayTradePayRequest;
import com.alipay.api.request.AlipayTradePrecreateRequest;
import com.alipay.api.request.AlipayTradeQueryRequest;
import com.alipay.api.request.AlipayTradeRefundRequest;
import com.alipay.api.request.AlipayTradeWapPayRequest;
import com.google.gson.ExclusionStrategy;
import com.google.gson.FieldAttributes;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * A merchant that is Alipay's official SDK and nothing else. The first line of standard input says
 * who it is, each later one is a call with its request in the SDK's own words; each is answered by
 * one line: {@code answer} or {@code failed}. It ends with its input.
 */
public final class AlipaySdkMerchant {
  private static final Gson JSON =
      new GsonBuilder()
          .setDateFormat("yyyy-MM-dd HH:mm:ss")
          .setExclusionStrategies(new AllButTheDocument())
          .create();
  private static final String GATEWAY = "https://openapi.alipay.com/gateway.do";

  private final AlipayClient client;

  /** In public-key mode. */
  private final String publicKey;

  /** In certificate mode: the file that Alipay's certificate is in. */
  private final String certificate;

  private AlipaySdkMerchant(JsonObject who) throws AlipayApiException {
    publicKey = text(who, "alipayPublicKey");
    certificate = text(who, "alipayCertificateFile");
    var config = new AlipayConfig();
    config.setServerUrl(GATEWAY);
    config.setAppId(text(who, "appId"));
    config.setPrivateKey(text(who, "privateKey"));
    config.setFormat("json");
    config.setCharset("UTF-8");
    config.setSignType("RSA2");
    config.setEncryptType("AES");
    config.setEncryptKey(text(who, "aesKey"));
    config.setAlipayPublicKey(publicKey);
    config.setAppCertPath(text(who, "appCertificateFile"));
    config.setAlipayPublicCertPath(certificate);
    config.setRootCertPath(text(who, "rootCertificatesFile"));
    client = new DefaultAlipayClient(config);
  }

  public static void main(String[] arguments) throws IOException {
    var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    System.setOut(System.err); // the SDK's own words are not answers
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    AlipaySdkMerchant merchant = null;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      JsonObject asked = JSON.fromJson(line, JsonObject.class);
      var said = new JsonObject();
      try {
        if (merchant == null) merchant = new AlipaySdkMerchant(asked);
        else said.add("answer", merchant.call(asked));
      } catch (AlipayApiException | RuntimeException failure) {
        said.addProperty("failed", failure.toString());
      }
      out.println(JSON.toJson(said));
    }
    System.exit(0);
  }

  private JsonElement call(JsonObject asked) throws AlipayApiException {
    JsonObject with = asked.getAsJsonObject("request");
    return switch (text(asked, "call")) {
      case "precreate" ->
          executed(
              with, new AlipayTradePrecreateRequest(), AlipayTradePrecreateRequest::setBizContent);
      case "pay" ->
          executed(with, new AlipayTradePayRequest(), AlipayTradePayRequest::setBizContent);
      case "query" ->
          executed(with, new AlipayTradeQueryRequest(), AlipayTradeQueryRequest::setBizContent);
      case "close" ->
          executed(with, new AlipayTradeCloseRequest(), AlipayTradeCloseRequest::setBizContent);
      case "cancel" ->
          executed(with, new AlipayTradeCancelRequest(), AlipayTradeCancelRequest::setBizContent);
      case "refund" ->
          executed(with, new AlipayTradeRefundRequest(), AlipayTradeRefundRequest::setBizContent);
      case "query_refund" ->
          executed(
              with,
              new AlipayTradeFastpayRefundQueryRequest(),
              AlipayTradeFastpayRefundQueryRequest::setBizContent);
      case "page" ->
          opened(
              client.pageExecute(
                  filled(
                      with,
                      new AlipayTradePagePayRequest(),
                      AlipayTradePagePayRequest::setBizContent),
                  "GET"));
      case "wap" ->
          opened(
              client.pageExecute(
                  filled(
                      with,
                      new AlipayTradeWapPayRequest(),
                      AlipayTradeWapPayRequest::setBizContent),
                  "GET"));
      case "app" ->
          opened(
              client.sdkExecute(
                  filled(
                      with,
                      new AlipayTradeAppPayRequest(),
                      AlipayTradeAppPayRequest::setBizContent)));
      case "notice" -> new JsonPrimitive(isAlipays(with));
      default -> throw new IllegalArgumentException("no such call");
    };
  }

  private <T extends AlipayResponse, R extends AlipayRequest<T>> JsonElement executed(
      JsonObject with, R request, BiConsumer<R, String> bizContent) throws AlipayApiException {
    R asked = filled(with, request, bizContent);
    return JSON.toJsonTree(
        certificate == null ? client.execute(asked) : client.certificateExecute(asked));
  }

  /** An address for a browser, or an order string for an app: no server is asked. */
  private static JsonElement opened(AlipayResponse response) {
    return new JsonPrimitive(response.getBody());
  }

  private static <R extends AlipayRequest<? extends AlipayResponse>> R filled(
      JsonObject with, R request, BiConsumer<R, String> bizContent) {
    bizContent.accept(request, with.getAsJsonObject("biz").toString());
    if (with.has("notifyUrl")) request.setNotifyUrl(text(with, "notifyUrl"));
    request.setNeedEncrypt(with.has("encrypts"));
    return request;
  }

  /** The way of notifications: without sign and without sign_type. */
  private boolean isAlipays(JsonObject said) throws AlipayApiException {
    Map<String, String> fields = new HashMap<>();
    said.entrySet().forEach(field -> fields.put(field.getKey(), field.getValue().getAsString()));
    return certificate == null
        ? AlipaySignature.rsaCheckV1(fields, publicKey, "utf-8", "RSA2")
        : AlipaySignature.rsaCertCheckV1(fields, certificate, "utf-8", "RSA2");
  }

  /** Null where it is not there: what to say of that is the SDK's to decide. */
  private static String text(JsonObject of, String name) {
    JsonElement said = of.get(name);
    return said == null ? null : said.getAsString();
  }

  /** Every answer has its whole document as body; some have a field of that name as well. */
  private static final class AllButTheDocument implements ExclusionStrategy {
    @Override
    public boolean shouldSkipField(FieldAttributes field) {
      return field.getDeclaringClass() == AlipayResponse.class && field.getName().equals("body");
    }

    @Override
    public boolean shouldSkipClass(Class<?> any) {
      return false;
    }
  }
}
