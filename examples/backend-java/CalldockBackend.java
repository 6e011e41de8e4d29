// Calldock's routes in a Java backend: the JDK alone, 17 or newer.
//
//   TCCC_SECRET_ID=… TCCC_SECRET_KEY=… TCCC_SDK_APP_ID=… java CalldockBackend.java
//
// Every setting is in docs/en/guides/own-backend.md. Read from top to bottom: what you replace is Sessions, which says
// who is asking; the rest is what a page, TCCC and CEC expect, and can be copied into your own framework.

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public final class CalldockBackend {

  /** Who is asking, as your own sign-in knows it. */
  record Person(String id, String name, String agentMail) {}

  /**
   * REPLACE THIS by your own sessions: Spring Security, a servlet's HttpSession, your single sign-on.
   * It must answer from the request's own credentials, never from its body.
   *
   * As it stands it knows one session, whose secret is the variable DEMO_SESSION; without it no user is
   * signed in.
   */
  static final class Sessions {
    private static final Person DEMO = new Person("10010001", "Tom", "agent@example.com");
    private final String secret = System.getenv("DEMO_SESSION");

    Optional<Person> find(Headers headers) {
      for (String line : headers.getOrDefault("Cookie", List.of())) {
        for (String pair : line.split(";")) {
          String[] parts = pair.trim().split("=", 2);
          if (parts.length == 2 && parts[0].equals("session") && isDemo(parts[1])) {
            return Optional.of(DEMO);
          }
        }
      }
      return Optional.empty();
    }

    private boolean isDemo(String value) {
      return secret != null && !secret.isEmpty() && MessageDigest.isEqual(utf8(secret), utf8(value));
    }
  }

  // ---------------------------------------------------------------------------------- settings

  /** From the environment only, so that no secret is in a file of the project or in an argument. */
  static final class Settings {
    private static final String OWN = "LISTEN|ALLOWED_ORIGINS|DEMO_SESSION|(TCCC|CHAT|CEC)_.+";
    private final List<String> wrong = new ArrayList<>();
    final String listen = or("LISTEN", "127.0.0.1:8080");
    final List<String> allowedOrigins = list(or("ALLOWED_ORIGINS", ""));
    final boolean tccc = has("TCCC_SECRET_ID");
    final URI tcccEndpoint = URI.create(or("TCCC_ENDPOINT", "https://ccc.tencentcloudapi.com/"));
    final String tcccRegion = or("TCCC_REGION", "");
    final String tcccSecretId = or("TCCC_SECRET_ID", "");
    final String tcccSecretKey = tccc ? must("TCCC_SECRET_KEY") : "";
    final String tcccToken = or("TCCC_TOKEN", ""); // only with temporary credentials
    final String tcccSdkAppId = tccc ? must("TCCC_SDK_APP_ID") : "";
    final String chatWebAppId = or("CHAT_WEB_APP_ID", "");
    final String chatPeerSource = or("CHAT_PEER_SOURCE", "Web");
    final String cecMode = or("CEC_MODE", ""); // token, authorization, or nothing
    final boolean cec = !cecMode.isEmpty();
    final String cecTenant = cec ? must("CEC_TENANT_SPACE_ID") : "";
    final String cecChannel = cec ? must("CEC_CHANNEL_CONFIG_ID") : "";
    final String cecAccessKey = or("CEC_ACCESS_KEY", cecChannel);
    final String cecSecretKey = cecMode.equals("authorization") ? must("CEC_SECRET_KEY") : "";

    Settings() {
      // What the locale's encoding lacks, Java reads as U+FFFD: it would be signed and shown to agents.
      System.getenv().forEach((name, value) -> {
        if (name.matches(OWN) && value.indexOf('\uFFFD') >= 0) {
          wrong.add(name + ": expected text that Java can read in this locale, found other bytes; "
              + "set LC_ALL=C.UTF-8");
        }
      });
      if (!tcccSdkAppId.isEmpty() && !tcccSdkAppId.matches("[1-9][0-9]{0,14}")) {
        wrong.add("TCCC_SDK_APP_ID: expected a number");
      }
      String host = String.valueOf(tcccEndpoint.getHost()); // an address may have none
      boolean here = List.of("localhost", "127.0.0.1").contains(host);
      if (!"https".equals(tcccEndpoint.getScheme()) && !here) {
        wrong.add("TCCC_ENDPOINT: expected an https: address");
      }
      if (cec && !cecMode.equals("token") && !cecMode.equals("authorization")) {
        wrong.add("CEC_MODE: expected token or authorization");
      }
      if (!wrong.isEmpty()) {
        throw new IllegalStateException("settings:\n  " + String.join("\n  ", wrong));
      }
    }

    private static boolean has(String name) {
      String value = System.getenv(name);
      return value != null && !value.isBlank();
    }

    private static String or(String name, String otherwise) {
      return has(name) ? System.getenv(name).trim() : otherwise;
    }

    private String must(String name) {
      if (!has(name)) {
        wrong.add(name + ": expected a value, found none");
        return "";
      }
      return System.getenv(name).trim();
    }

    private static List<String> list(String text) {
      return Arrays.stream(text.split(",")).map(String::trim).filter(s -> !s.isEmpty()).toList();
    }
  }

  // ----------------------------------------------------------------------------------- answers

  /** A failure as the page reads it. The texts hold no secret and nothing a vendor wrote freely. */
  static final class Refusal extends Exception {
    final int status;
    final String code; // one of docs/en/reference/errors.md
    final String remedy;
    final Integer retryAfter;

    Refusal(int status, String code, String detail, String remedy, Integer retryAfter) {
      super(detail);
      this.status = status;
      this.code = code;
      this.remedy = remedy;
      this.retryAfter = retryAfter;
    }

    Refusal(int status, String code, String detail, String remedy) {
      this(status, code, detail, remedy, null);
    }
  }

  private static final Map<Integer, String> TITLES =
      Map.ofEntries(
          Map.entry(400, "Bad Request"), Map.entry(401, "Unauthorized"),
          Map.entry(403, "Forbidden"), Map.entry(404, "Not Found"),
          Map.entry(405, "Method Not Allowed"), Map.entry(413, "Content Too Large"),
          Map.entry(415, "Unsupported Media Type"), Map.entry(500, "Internal Server Error"),
          Map.entry(502, "Bad Gateway"), Map.entry(503, "Service Unavailable"),
          Map.entry(504, "Gateway Timeout"));

  static void answer(HttpExchange exchange, int status, String type, Map<String, ?> value)
      throws IOException {
    byte[] body = utf8(Json.write(value));
    Headers headers = exchange.getResponseHeaders();
    headers.set("Content-Type", type);
    headers.set("Cache-Control", "no-store");
    headers.set("X-Content-Type-Options", "nosniff");
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  static void refuse(HttpExchange exchange, Refusal refusal) throws IOException {
    Map<String, Object> problem = new LinkedHashMap<>();
    problem.put("type", "about:blank");
    problem.put("title", TITLES.getOrDefault(refusal.status, "Error"));
    problem.put("status", refusal.status);
    problem.put("detail", refusal.getMessage());
    problem.put("code", refusal.code);
    problem.put("remedy", refusal.remedy);
    if (refusal.retryAfter != null) {
      exchange.getResponseHeaders().set("Retry-After", refusal.retryAfter.toString());
    }
    if (refusal.status == 405) {
      exchange.getResponseHeaders().set("Allow", "POST");
    }
    answer(exchange, refusal.status, "application/problem+json", problem);
  }

  // ------------------------------------------------------------------- checks of the pages' routes

  private static final int BODY_LIMIT = 4 * 1024;

  /** Reads a short body to its end. */
  static byte[] body(HttpExchange exchange) throws IOException, Refusal {
    byte[] body = exchange.getRequestBody().readNBytes(BODY_LIMIT + 1);
    if (body.length > BODY_LIMIT) {
      throw new Refusal(413, "INVALID_OPTION",
          "The body: expected at most " + BODY_LIMIT + " bytes, found more.",
          "Send the request without a body.");
    }
    return body;
  }

  /**
   * What every route that a page calls checks first; false where a preflight is already answered.
   * The body is read, and never looked at.
   */
  boolean checkPage(HttpExchange exchange) throws IOException, Refusal {
    Headers headers = exchange.getRequestHeaders();
    exchange.getResponseHeaders().set("Vary", "Origin, Sec-Fetch-Site");
    String origin = only(headers, "Origin");
    boolean listed = origin != null && settings.allowedOrigins.contains(origin);
    if (!listed && !isOwnPage(headers, origin)) {
      throw new Refusal(403, "ORIGIN_REFUSED",
          "The page's origin is neither this server's own nor a listed one.",
          "Call this server from a page of its own origin, or list the origin in ALLOWED_ORIGINS.");
    }
    if (listed) {
      exchange.getResponseHeaders().set("Access-Control-Allow-Origin", origin);
      exchange.getResponseHeaders().set("Access-Control-Allow-Credentials", "true");
      if (exchange.getRequestMethod().equals("OPTIONS")) {
        exchange.getResponseHeaders().set("Access-Control-Allow-Methods", "POST");
        exchange.getResponseHeaders().set("Access-Control-Allow-Headers", "content-type");
        exchange.sendResponseHeaders(204, -1);
        return false;
      }
    }
    if (!exchange.getRequestMethod().equals("POST")) {
      throw new Refusal(405, "INVALID_OPTION", "This route takes POST only.",
          "Call it by POST.");
    }
    byte[] body = body(exchange);
    String type = headers.getFirst("Content-Type");
    String media = type == null ? "" : type.split(";")[0].trim();
    // A form of another site can post text or form data without being asked, but no JSON.
    if (body.length > 0 && !media.equalsIgnoreCase("application/json")) {
      throw new Refusal(415, "INVALID_OPTION",
          "The body: expected none, or application/json, found another type.",
          "Send the request without a body.");
    }
    return true;
  }

  private static boolean isOwnPage(Headers headers, String origin) throws Refusal {
    String site = only(headers, "Sec-Fetch-Site");
    if (site != null) {
      return site.equals("same-origin") || site.equals("none");
    }
    // Old browsers, and pages over plain HTTP, say only the origin; programs say neither.
    String host = only(headers, "Host");
    return origin == null
        || (host != null
            && (origin.equals("https://" + host) || origin.equals("http://" + host)));
  }

  /** A header that must not come twice: two would mean that somebody reads the other one. */
  private static String only(Headers headers, String name) throws Refusal {
    List<String> values = headers.getOrDefault(name, List.of());
    if (values.size() > 1) {
      throw new Refusal(400, "INVALID_OPTION", "The header " + name + " came twice.",
          "Send it once.");
    }
    return values.isEmpty() ? null : values.get(0);
  }

  private Person person(HttpExchange exchange) throws Refusal {
    return sessions.find(exchange.getRequestHeaders()).orElseThrow(() ->
        new Refusal(401, "LOGIN_FAILED", "Nobody is signed in.", "Sign in to the site, then retry."));
  }

  // -------------------------------------------------------------------------------- TCCC: logins

  /** POST /calldock/v1/tccc/login → docs/schemas/tccc-login.json */
  private Map<String, ?> workbench(HttpExchange exchange) throws Refusal {
    String agent = person(exchange).agentMail();
    Map<String, Object> asked = new LinkedHashMap<>();
    asked.put("SdkAppId", Long.valueOf(settings.tcccSdkAppId));
    asked.put("SeatUserId", agent);
    Map<?, ?> told = cloud("CreateSDKLoginToken", asked);
    Map<String, Object> login = new LinkedHashMap<>();
    login.put("token", text(told, "Token"));
    login.put("sdkUrl", text(told, "SdkURL"));
    login.put("sdkAppId", Long.valueOf(settings.tcccSdkAppId));
    login.put("userId", agent);
    if (told.get("ExpiredTime") instanceof Number end) {
      login.put("expiresAt", end.longValue());
    }
    return login;
  }

  private static final int CHAT_SECONDS = 3600; // the vendor's maximum

  /** POST /calldock/v1/tccc/chat → docs/schemas/tccc-chat.json */
  private Map<String, ?> chat(HttpExchange exchange) throws Refusal {
    Person person = person(exchange);
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("peerSource", settings.chatPeerSource);
    data.put("nickName", person.name());
    data.put("uid", person.id());
    String clientData = Json.write(data); // signed and handed out letter by letter
    long end = Instant.now().getEpochSecond() + CHAT_SECONDS;
    Map<String, Object> asked = new LinkedHashMap<>();
    asked.put("SdkAppId", Long.valueOf(settings.tcccSdkAppId));
    asked.put("Uid", person.id());
    asked.put("ClientData", clientData);
    asked.put("ExpiredTime", CHAT_SECONDS);
    Map<?, ?> told = cloud("CreateUserSig", asked);
    Map<String, Object> login = new LinkedHashMap<>();
    login.put("webAppId", settings.chatWebAppId);
    login.put("clientData", clientData);
    login.put("userSig", text(told, "UserSig"));
    login.put("expiresAt", end);
    return login;
  }

  // ---------------------------------------------------------- TCCC: the cloud API, TC3-HMAC-SHA256

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(3))
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  private Map<?, ?> cloud(String action, Map<String, Object> asked) throws Refusal {
    String body = Json.write(asked);
    URI endpoint = settings.tcccEndpoint;
    // java.net.http writes the Host header itself, in this form.
    int port = endpoint.getPort();
    boolean usual = port < 0 || port == (endpoint.getScheme().equals("https") ? 443 : 80);
    String host = usual ? endpoint.getHost() : endpoint.getHost() + ":" + port;
    long now = Instant.now().getEpochSecond();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint)
            .timeout(Duration.ofSeconds(8))
            .header("Content-Type", "application/json")
            .header("Authorization", tc3(settings.tcccSecretId, settings.tcccSecretKey, now, host, body))
            .header("X-TC-Action", action)
            .header("X-TC-Version", "2020-02-10")
            .header("X-TC-Timestamp", Long.toString(now))
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (!settings.tcccRegion.isEmpty()) {
      request.header("X-TC-Region", settings.tcccRegion);
    }
    if (!settings.tcccToken.isEmpty()) {
      request.header("X-TC-Token", settings.tcccToken);
    }
    String told;
    try {
      // Once: a login must never be asked for twice behind the caller's back.
      told = client.send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
    } catch (HttpTimeoutException late) {
      throw new Refusal(504, "TIMEOUT", "The vendor's cloud API did not answer in time.",
          "Try again; check the way to TCCC_ENDPOINT.");
    } catch (IOException gone) {
      throw new Refusal(502, "NETWORK", "The vendor's cloud API could not be reached.",
          "Try again; check the way to TCCC_ENDPOINT.");
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
      throw new Refusal(503, "ABORTED", "The server is stopping.", "Try again.", 1);
    }
    // The HTTP status says nothing: errors come in the envelope, with 200.
    if (!(Json.read(told) instanceof Map<?, ?> envelope
        && envelope.get("Response") instanceof Map<?, ?> response)) {
      throw new Refusal(502, "LOGIN_FAILED",
          "The vendor's cloud API: expected its JSON envelope, found something else.",
          "Check that TCCC_ENDPOINT is the vendor's cloud API, with no proxy's page in its place.");
    }
    if (response.get("Error") instanceof Map<?, ?> error) {
      throw rejected(word(error.get("Code")), word(response.get("RequestId")));
    }
    return response;
  }

  private static Refusal rejected(String code, String requestId) {
    String detail = "The vendor answered " + code + " (RequestId " + requestId + ").";
    return switch (code) {
      case "RequestLimitExceeded" -> new Refusal(503, "VENDOR_REJECTED", detail,
          "Try again in a second; the vendor takes 20 requests a second.", 1);
      case "AuthFailure.SignatureExpire" -> new Refusal(502, "VENDOR_REJECTED", detail,
          "Set this machine's clock; it is off by more than 5 minutes.");
      case "InvalidParameterValue.AccountNotExist" -> new Refusal(403, "VENDOR_REJECTED", detail,
          "Add the agent to the contact centre with the same mail address.");
      default -> new Refusal(502, "VENDOR_REJECTED", detail,
          "Look the vendor's code up in its documentation, or give the RequestId to its support.");
    };
  }

  /** The Authorization header over `POST /` with the headers content-type and host. */
  static String tc3(String secretId, String secretKey, long timestamp, String host, String body) {
    String day = DateTimeFormatter.ISO_LOCAL_DATE
        .format(Instant.ofEpochSecond(timestamp).atOffset(ZoneOffset.UTC)); // UTC, not local
    String canonicalRequest = "POST\n/\n\ncontent-type:application/json\nhost:" + host
        + "\n\ncontent-type;host\n" + hex(sha256(body));
    String scope = day + "/ccc/tc3_request";
    String stringToSign =
        "TC3-HMAC-SHA256\n" + timestamp + "\n" + scope + "\n" + hex(sha256(canonicalRequest));
    byte[] key = hmac(utf8("TC3" + secretKey), day);
    key = hmac(key, "ccc");
    key = hmac(key, "tc3_request");
    return "TC3-HMAC-SHA256 Credential=" + secretId + "/" + scope
        + ", SignedHeaders=content-type;host, Signature=" + hex(hmac(key, stringToSign));
  }

  // --------------------------------------------------------------------------------- CEC: logins

  /** POST /calldock/v1/cec/login → docs/schemas/cec-login.json */
  private Map<String, ?> cec(HttpExchange exchange) throws Refusal {
    Person person = person(exchange);
    Map<String, Object> four = new LinkedHashMap<>(); // in the guide's order: it is signed so
    four.put("thirdUserName", person.name());
    four.put("thirdUserId", person.id());
    four.put("tenantSpaceId", settings.cecTenant);
    four.put("channelConfigId", settings.cecChannel);
    Map<String, Object> login = new LinkedHashMap<>();
    login.put("mode", settings.cecMode);
    if (settings.cecMode.equals("token")) {
      login.put("token", tokens.mint(person.id(), person.name(), settings.cecTenant));
    } else {
      login.put("authorization",
          authV2(settings.cecAccessKey, settings.cecSecretKey, Instant.now(), Json.write(four)));
    }
    login.putAll(four);
    return login;
  }

  private static final DateTimeFormatter CEC_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  /** The authorization over the payload, of which every letter counts: no spaces, the guide's order. */
  static String authV2(String accessKey, String secretKey, Instant now, String payload) {
    String signedHeaders = "content-length;content-type";
    String prefix = "auth-v2/" + accessKey + "/" + CEC_TIME.format(now) + "/" + signedHeaders;
    String canonicalRequest =
        "POST\n/service-cloud/webclient/chat_client/js/newThirdPartyClient.js\n"
            + signedHeaders + "\n"
            + "content-length:" + utf8(payload).length + "\n"
            + "content-type:" + percent("application/json;charset=UTF-8") + "\n"
            + percent(payload);
    // The second key is the first result's 64 hexadecimal characters, not its 32 bytes.
    String signingKey = hex(hmac(utf8(secretKey), prefix));
    return prefix + "/" + hex(hmac(utf8(signingKey), canonicalRequest));
  }

  /** Every byte of UTF-8 but A-Z a-z 0-9 - . _ ~ (URLEncoder is another encoding). */
  static String percent(String text) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : utf8(text)) {
      char c = (char) (b & 0xff);
      boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0);
      encoded.append(plain ? String.valueOf(c) : String.format("%%%02X", b & 0xff));
    }
    return encoded.toString();
  }

  /**
   * Token mode: what a token stands for, by the token's hash. One process knows them; with several
   * instances keep them in a store they share, and take them out by one atomic step (Redis: GETDEL).
   */
  static final class Tokens {
    private record Entry(byte[] boundTo, Instant end) {}

    private static final Duration LIFETIME = Duration.ofSeconds(120);
    private static final int CAPACITY = 100_000;
    private final ConcurrentHashMap<String, Entry> living = new ConcurrentHashMap<>();
    private final SecureRandom random = new SecureRandom();

    String mint(String userId, String userName, String tenant) throws Refusal {
      if (living.size() >= CAPACITY) {
        Instant now = Instant.now();
        living.values().removeIf(entry -> !now.isBefore(entry.end));
        if (living.size() >= CAPACITY) {
          throw new Refusal(503, "LOGIN_FAILED", "Too many visitors' tokens wait to be used.",
              "Try again in a few seconds.", 5);
        }
      }
      byte[] bits = new byte[32];
      random.nextBytes(bits);
      String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
      Entry entry = new Entry(binding(userId, userName, tenant), Instant.now().plus(LIFETIME));
      living.put(hex(sha256(token)), entry);
      return token;
    }

    /** Whether it is a living token of this very visitor; whatever the answer, it is used up. */
    boolean spend(String token, String userId, String userName, String tenant) {
      Entry entry = living.remove(hex(sha256(token)));
      return entry != null
          && MessageDigest.isEqual(entry.boundTo, binding(userId, userName, tenant))
          && Instant.now().isBefore(entry.end);
    }

    private static byte[] binding(String... parts) {
      StringBuilder all = new StringBuilder();
      for (String part : parts) {
        all.append(part.length()).append(':').append(part); // lengths keep the parts apart
      }
      return sha256(all.toString());
    }
  }

  /**
   * POST /rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate, which CEC calls: 200 for every
   * verdict, one text for every no. Let only CEC's addresses reach it (a firewall, or mutual TLS).
   */
  private void validate(HttpExchange exchange) throws IOException, Refusal {
    if (!exchange.getRequestMethod().equals("POST")) {
      throw new Refusal(405, "INVALID_OPTION", "This route takes POST only.", "Call it by POST.");
    }
    Object asked = Json.read(new String(body(exchange), StandardCharsets.UTF_8));
    boolean valid = asked instanceof Map<?, ?> question
        && question.get("Token") instanceof String token
        && question.get("userId") instanceof String userId
        && question.get("userName") instanceof String userName
        && question.get("tenantSpaceId") instanceof String tenant
        && tokens.spend(token, userId, userName, tenant);
    Map<String, Object> verdict = new LinkedHashMap<>();
    verdict.put("retCode", valid ? 0 : 1);
    verdict.put("message", valid ? "validate success" : "validate failed");
    answer(exchange, 200, "application/json", verdict);
  }

  // ------------------------------------------------------------------------------------- the rest

  private final Settings settings = new Settings();
  private final Sessions sessions = new Sessions();
  private final Tokens tokens = new Tokens();

  interface Handler {
    void handle(HttpExchange exchange) throws IOException, Refusal;
  }

  interface Login {
    Map<String, ?> answer(HttpExchange exchange) throws Refusal;
  }

  /** A route that a page calls. */
  private Handler page(Login login) {
    return exchange -> {
      if (checkPage(exchange)) {
        answer(exchange, 200, "application/json", login.answer(exchange));
      }
    };
  }

  private void route(HttpServer server, String path, Handler handler) {
    server.createContext(path, exchange -> {
      try (exchange) {
        try {
          if (exchange.getRequestURI().getPath().equals(path)) {
            handler.handle(exchange);
          } else {
            nothing(exchange);
          }
        } catch (Refusal refusal) {
          refuse(exchange, refusal);
        } catch (RuntimeException broken) {
          System.err.println("calldock: " + broken.getClass().getName()); // its text may be personal
          refuse(exchange, new Refusal(500, "INTERNAL", "The server could not finish the request.",
              "Try again; if it keeps happening, look at the server's log."));
        }
      }
    });
  }

  private static void nothing(HttpExchange exchange) throws Refusal {
    throw new Refusal(404, "INVALID_OPTION", "There is nothing at this path.",
        "Check the address against the documentation.");
  }

  public static void main(String[] arguments) throws IOException {
    // Slow clients: the JDK's server waits for ever by default.
    System.setProperty("sun.net.httpserver.maxReqTime", "10");
    System.setProperty("sun.net.httpserver.maxRspTime", "30");
    try {
      new CalldockBackend().serve();
    } catch (IllegalStateException unset) {
      System.err.println(unset.getMessage());
      System.exit(2);
    }
  }

  private void serve() throws IOException {
    int colon = settings.listen.lastIndexOf(':');
    InetSocketAddress address = new InetSocketAddress(
        settings.listen.substring(0, colon), Integer.parseInt(settings.listen.substring(colon + 1)));
    HttpServer server = HttpServer.create(address, 0);
    server.setExecutor(Executors.newFixedThreadPool(32));
    if (settings.tccc) {
      route(server, "/calldock/v1/tccc/login", page(this::workbench));
      if (!settings.chatWebAppId.isEmpty()) {
        route(server, "/calldock/v1/tccc/chat", page(this::chat));
      }
    }
    if (settings.cec) {
      route(server, "/calldock/v1/cec/login", page(this::cec));
    }
    if (settings.cecMode.equals("token")) {
      route(server, "/rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate", this::validate);
    }
    route(server, "/", CalldockBackend::nothing);
    server.start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> server.stop(2)));
    System.out.println(
        "listening on http://" + address.getHostString() + ":" + server.getAddress().getPort());
  }

  private static String text(Map<?, ?> told, String name) throws Refusal {
    if (told.get(name) instanceof String value && !value.isBlank()) {
      return value;
    }
    throw new Refusal(502, "LOGIN_FAILED", "The vendor's answer has no " + name + ".",
        "Check that TCCC_ENDPOINT is the vendor's cloud API.");
  }

  /** A short word of the vendor's that may be repeated. */
  private static String word(Object value) {
    String text = String.valueOf(value);
    return text.matches("[A-Za-z0-9._-]{1,80}") ? text : "an unknown word";
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(utf8(text));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible); // every JDK has it
    }
  }

  static byte[] hmac(byte[] key, String message) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(utf8(message));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** As much JSON as is needed here, since the JDK has none: use your own library instead. */
  static final class Json {
    private static final int DEEPEST = 32;
    private final String text;
    private int at;

    private Json(String text) {
      this.text = text;
    }

    /** Objects keep their order; no spaces, no more escapes than JSON.stringify makes. */
    static String write(Object value) {
      if (value instanceof Map<?, ?> map) {
        List<String> members = new ArrayList<>();
        map.forEach((name, member) -> members.add(write(name.toString()) + ":" + write(member)));
        return "{" + String.join(",", members) + "}";
      }
      if (!(value instanceof String string)) {
        return String.valueOf(value); // numbers and truth
      }
      StringBuilder quoted = new StringBuilder("\"");
      for (char c : string.toCharArray()) {
        switch (c) {
          case '"' -> quoted.append("\\\"");
          case '\\' -> quoted.append("\\\\");
          case '\b' -> quoted.append("\\b");
          case '\f' -> quoted.append("\\f");
          case '\n' -> quoted.append("\\n");
          case '\r' -> quoted.append("\\r");
          case '\t' -> quoted.append("\\t");
          default -> quoted.append(c < ' ' ? String.format("\\u%04x", (int) c) : c);
        }
      }
      return quoted.append('"').toString();
    }

    /** A value, or null where the text is no JSON. */
    static Object read(String text) {
      Json json = new Json(text);
      try {
        Object value = json.value(0);
        json.space();
        return json.at == text.length() ? value : null;
      } catch (IndexOutOfBoundsException | IllegalArgumentException broken) {
        return null;
      }
    }

    private Object value(int depth) {
      if (depth > DEEPEST) {
        throw new IllegalArgumentException();
      }
      space();
      char c = text.charAt(at);
      if (c == '"') {
        return string();
      }
      if (c == '{') {
        Map<String, Object> map = new LinkedHashMap<>();
        for (at++; !closes('}', map.isEmpty()); ) {
          space();
          String name = string();
          space();
          take(":");
          if (map.putIfAbsent(name, value(depth + 1)) != null) {
            throw new IllegalArgumentException(); // the same name twice
          }
        }
        return map;
      }
      if (c == '[') {
        List<Object> list = new ArrayList<>();
        for (at++; !closes(']', list.isEmpty()); ) {
          list.add(value(depth + 1));
        }
        return list;
      }
      for (String word : List.of("true", "false", "null")) {
        if (text.startsWith(word, at)) {
          at += word.length();
          return word.equals("null") ? null : Boolean.valueOf(word);
        }
      }
      int start = at;
      while (at < text.length() && "+-.0123456789eE".indexOf(text.charAt(at)) >= 0) {
        at++;
      }
      return Double.valueOf(text.substring(start, at));
    }

    private boolean closes(char end, boolean first) {
      space();
      if (text.charAt(at) == end) {
        at++;
        return true;
      }
      if (!first) {
        take(",");
      }
      return false;
    }

    private String string() {
      take("\"");
      StringBuilder read = new StringBuilder();
      for (char c = text.charAt(at++); c != '"'; c = text.charAt(at++)) {
        if (c != '\\') {
          read.append(c);
          continue;
        }
        c = text.charAt(at++);
        int known = "bfnrt\"\\/".indexOf(c);
        if (c == 'u') {
          read.append((char) Integer.parseInt(text.substring(at, at + 4), 16));
          at += 4;
        } else if (known >= 0) {
          read.append("\b\f\n\r\t\"\\/".charAt(known));
        } else {
          throw new IllegalArgumentException();
        }
      }
      return read.toString();
    }

    private void space() {
      while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
        at++;
      }
    }

    private void take(String word) {
      if (!text.startsWith(word, at)) {
        throw new IllegalArgumentException();
      }
      at += word.length();
    }
  }
}
