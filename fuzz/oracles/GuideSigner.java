import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Scanner;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The code that the guide prints (CEC guide, chapter 2.5.1), as a program: one signature a line.
 *
 * <p>A line of standard input has fields of hexadecimal digits (UTF-8), divided by spaces and in front of each
 * an `=`: access key, secret key, time, payload, names of a HashMap divided by NUL, then names and values of
 * headers. The line of standard output has the authorization, the order of the names, and the payload's length.
 */
class GuideSigner {
  private static final BitSet URI_UNRESERVED_CHARACTERS = new BitSet();
  private static final String[] PERCENT_ENCODED_STRINGS = new String[256];

  static {
    for (int i = 97; i <= 122; i++) {
      URI_UNRESERVED_CHARACTERS.set(i);
    }
    for (int i = 65; i <= 90; i++) {
      URI_UNRESERVED_CHARACTERS.set(i);
    }
    for (int i = 48; i <= 57; i++) {
      URI_UNRESERVED_CHARACTERS.set(i);
    }
    URI_UNRESERVED_CHARACTERS.set(45);
    URI_UNRESERVED_CHARACTERS.set(46);
    URI_UNRESERVED_CHARACTERS.set(95);
    URI_UNRESERVED_CHARACTERS.set(126);
    for (int i = 0; i < PERCENT_ENCODED_STRINGS.length; i++) {
      PERCENT_ENCODED_STRINGS[i] = String.format(Locale.ROOT, "%%%02X", i);
    }
  }

  /** As printed. */
  static String normalize(String value) {
    StringBuilder builder = new StringBuilder(16);
    for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
      if (URI_UNRESERVED_CHARACTERS.get(b & 0xFF)) {
        builder.append((char) b);
      } else {
        builder.append(PERCENT_ENCODED_STRINGS[b & 0xFF]);
      }
    }
    return builder.toString();
  }

  static String sha256Hex(String key, String text) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Steps 1 to 7, with `;` between names and "\n" between lines: the recommended reading. */
  static String authorization(
      String accessKey, String secretKey, String time, Map<String, String> headers, String payload)
      throws Exception {
    TreeMap<String, String> lowered = new TreeMap<>();
    headers.forEach((name, value) -> lowered.put(name.toLowerCase(Locale.ROOT), value.trim()));
    String signedHeaders = String.join(";", lowered.keySet());
    String prefix = "auth-v2/" + accessKey + "/" + time + "/" + signedHeaders;
    String signingKey = sha256Hex(secretKey, prefix);
    List<String> records = new ArrayList<>();
    lowered.forEach((name, value) -> records.add(normalize(name) + ":" + normalize(value)));
    Collections.sort(records);
    String canonicalRequest =
        "POST\n/service-cloud/webclient/chat_client/js/newThirdPartyClient.js\n"
            + signedHeaders + "\n" + String.join("\n", records) + "\n" + normalize(payload);
    return prefix + "/" + sha256Hex(signingKey, canonicalRequest);
  }

  static String text(String field) {
    return new String(HexFormat.of().parseHex(field.substring(1)), StandardCharsets.UTF_8);
  }

  public static void main(String[] arguments) throws Exception {
    Scanner lines = new Scanner(System.in, StandardCharsets.UTF_8);
    StringBuilder out = new StringBuilder();
    while (lines.hasNextLine()) {
      String[] fields = lines.nextLine().split(" ");
      Map<String, String> headers = new HashMap<>();
      for (int at = 5; at + 1 < fields.length; at += 2) {
        headers.put(text(fields[at]), text(fields[at + 1]));
      }
      String payload = text(fields[3]);
      Map<String, String> names = new HashMap<>();
      for (String name : text(fields[4]).split("\0")) {
        names.put(name, "");
      }
      String order = String.join("\0", names.keySet());
      HexFormat hex = HexFormat.of();
      out.append(hex.formatHex(
              authorization(text(fields[0]), text(fields[1]), text(fields[2]), headers, payload)
                  .getBytes(StandardCharsets.UTF_8)))
          .append(" =")
          .append(hex.formatHex(order.getBytes(StandardCharsets.UTF_8)))
          .append(' ')
          .append(payload.length())
          .append('\n');
    }
    System.out.print(out);
  }
}
