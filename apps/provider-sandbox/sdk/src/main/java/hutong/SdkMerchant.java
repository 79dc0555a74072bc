package hutong;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.wechat.pay.java.core.Config;
import com.wechat.pay.java.core.RSAAutoCertificateConfig;
import com.wechat.pay.java.core.RSAPublicKeyConfig;
import com.wechat.pay.java.core.exception.ServiceException;
import com.wechat.pay.java.core.notification.NotificationConfig;
import com.wechat.pay.java.core.notification.NotificationParser;
import com.wechat.pay.java.core.notification.RequestParam;
import com.wechat.pay.java.core.util.GsonUtil;
import com.wechat.pay.java.service.payments.app.AppServiceExtension;
import com.wechat.pay.java.service.payments.h5.H5Service;
import com.wechat.pay.java.service.payments.jsapi.JsapiServiceExtension;
import com.wechat.pay.java.service.payments.model.Transaction;
import com.wechat.pay.java.service.payments.nativepay.NativePayService;
import com.wechat.pay.java.service.payments.nativepay.model.CloseOrderRequest;
import com.wechat.pay.java.service.payments.nativepay.model.PrepayRequest;
import com.wechat.pay.java.service.payments.nativepay.model.QueryOrderByIdRequest;
import com.wechat.pay.java.service.payments.nativepay.model.QueryOrderByOutTradeNoRequest;
import com.wechat.pay.java.service.refund.RefundService;
import com.wechat.pay.java.service.refund.model.CreateRequest;
import com.wechat.pay.java.service.refund.model.QueryByOutRefundNoRequest;
import com.wechat.pay.java.service.refund.model.RefundNotification;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * A merchant that is WeChat's official SDK and nothing else. The first line of standard input says
 * who it is, each later one is a call with its request in the SDK's own words; each is answered by
 * one line: {@code answer}, {@code refused} with status and code, or {@code failed}. It ends with
 * its input.
 */
public final class SdkMerchant {
  private static final Gson JSON = GsonUtil.getGson();

  private final NativePayService orders;
  private final AppServiceExtension app;
  private final JsapiServiceExtension jsapi;
  private final H5Service h5;
  private final RefundService refunds;
  private final NotificationParser notifications;

  private <C extends Config & NotificationConfig> SdkMerchant(C config) {
    orders = new NativePayService.Builder().config(config).build();
    app = new AppServiceExtension.Builder().config(config).build();
    jsapi = new JsapiServiceExtension.Builder().config(config).build();
    h5 = new H5Service.Builder().config(config).build();
    refunds = new RefundService.Builder().config(config).build();
    notifications = new NotificationParser(config);
  }

  public static void main(String[] arguments) throws IOException {
    var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    SdkMerchant merchant = null;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      JsonObject asked = JSON.fromJson(line, JsonObject.class);
      var said = new JsonObject();
      try {
        if (merchant == null) merchant = named(asked);
        else said.add("answer", merchant.call(asked));
      } catch (ServiceException refusal) {
        var refused = new JsonObject();
        refused.addProperty("status", refusal.getHttpStatusCode());
        refused.addProperty("code", refusal.getErrorCode());
        refused.addProperty("message", refusal.getErrorMessage());
        said.add("refused", refused);
      } catch (RuntimeException failure) {
        said.addProperty("failed", failure.toString());
      }
      out.println(JSON.toJson(said));
    }
    System.exit(0); // the SDK's own threads would go on refreshing certificates
  }

  /** In certificate mode this downloads the certificates. */
  private static SdkMerchant named(JsonObject who) {
    if (who.has("publicKeyId")) {
      return new SdkMerchant(
          new RSAPublicKeyConfig.Builder()
              .merchantId(text(who, "mchid"))
              .merchantSerialNumber(text(who, "certificateSerial"))
              .privateKey(text(who, "privateKeyPem"))
              .apiV3Key(text(who, "apiV3Key"))
              .publicKeyId(text(who, "publicKeyId"))
              .publicKey(text(who, "publicKeyPem"))
              .build());
    }
    return new SdkMerchant(
        new RSAAutoCertificateConfig.Builder()
            .merchantId(text(who, "mchid"))
            .merchantSerialNumber(text(who, "certificateSerial"))
            .privateKey(text(who, "privateKeyPem"))
            .apiV3Key(text(who, "apiV3Key"))
            .build());
  }

  private JsonElement call(JsonObject asked) {
    JsonElement with = asked.get("request");
    return JSON.toJsonTree(
        switch (text(asked, "call")) {
          case "native" -> orders.prepay(read(with, PrepayRequest.class));
          case "h5" ->
              h5.prepay(
                  read(with, com.wechat.pay.java.service.payments.h5.model.PrepayRequest.class));
          case "app" ->
              app.prepayWithRequestPayment(
                  read(with, com.wechat.pay.java.service.payments.app.model.PrepayRequest.class));
          case "jsapi" ->
              jsapi.prepayWithRequestPayment(
                  read(with, com.wechat.pay.java.service.payments.jsapi.model.PrepayRequest.class));
          case "query" ->
              orders.queryOrderByOutTradeNo(read(with, QueryOrderByOutTradeNoRequest.class));
          case "query_by_id" -> orders.queryOrderById(read(with, QueryOrderByIdRequest.class));
          case "close" -> {
            orders.closeOrder(read(with, CloseOrderRequest.class));
            yield "closed";
          }
          case "refund" -> refunds.create(read(with, CreateRequest.class));
          case "query_refund" ->
              refunds.queryByOutRefundNo(read(with, QueryByOutRefundNoRequest.class));
          case "payment_notice" -> notifications.parse(notice(with), Transaction.class);
          case "refund_notice" -> notifications.parse(notice(with), RefundNotification.class);
          default -> throw new IllegalArgumentException("no such call");
        });
  }

  private static RequestParam notice(JsonElement of) {
    JsonObject notice = of.getAsJsonObject();
    JsonObject headers = notice.getAsJsonObject("headers");
    return new RequestParam.Builder()
        .serialNumber(text(headers, "wechatpay-serial"))
        .timestamp(text(headers, "wechatpay-timestamp"))
        .nonce(text(headers, "wechatpay-nonce"))
        .signature(text(headers, "wechatpay-signature"))
        .signType(text(headers, "wechatpay-signature-type"))
        .body(text(notice, "body"))
        .build();
  }

  private static <T> T read(JsonElement json, Class<T> as) {
    return JSON.fromJson(json, as);
  }

  /** Null where it is not there: what to say of that is the SDK's to decide. */
  private static String text(JsonObject of, String name) {
    JsonElement said = of.get(name);
    return said == null ? null : said.getAsString();
  }
}
