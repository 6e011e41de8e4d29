//! What has to pass and what must not, for every proxy that this repository ships: calldock-edge itself, nginx
//! with njs, and stock nginx.

/// What CEC receives of a request header.
pub enum Arrives {
    /// The header as it was sent.
    Same,
    /// This instead.
    As(&'static str),
    /// Nothing.
    Not,
}

impl Arrives {
    /// What CEC receives, if anything.
    pub fn as_str<'a>(&self, sent: &'a str) -> Option<&'a str> {
        match self {
            Self::Same => Some(sent),
            Self::As(other) => Some(other),
            Self::Not => None,
        }
    }
}

/// Request headers: name, value, what CEC receives.
pub const FROM_PAGE: &[(&str, &str, Arrives)] = &[
    ("accept", "text/html", Arrives::Same),
    ("accept-language", "zh-CN", Arrives::Same),
    ("cache-control", "no-cache", Arrives::Same),
    ("pragma", "no-cache", Arrives::Same),
    ("content-type", "text/plain", Arrives::Same),
    ("if-none-match", "\"abc\"", Arrives::Same),
    ("if-modified-since", "Wed, 21 Oct 2015 07:28:00 GMT", Arrives::Same),
    ("range", "bytes=0-9", Arrives::Same),
    ("user-agent", "a browser", Arrives::Same),
    ("x-requested-with", "XMLHttpRequest", Arrives::Same),
    ("last-event-id", "7", Arrives::Same),
    ("ccmessaging-token", "abc", Arrives::Same),
    ("sec-fetch-site", "same-origin", Arrives::Same),
    ("sec-fetch-mode", "cors", Arrives::Same),
    (
        "referer",
        "https://shop.example/cart?email=boss@shop.example",
        Arrives::As("https://shop.example/"),
    ),
    (
        "cookie",
        "JSESSIONID=shop; ccmessaging-token=abc; session=1; HWWAFSESID=2",
        Arrives::As("ccmessaging-token=abc; HWWAFSESID=2"),
    ),
    ("authorization", "Bearer site", Arrives::Not),
    ("x-forwarded-access-token", "ya29.site", Arrives::Not),
    ("x-forwarded-user", "boss", Arrives::Not),
    ("x-forwarded-email", "boss@shop.example", Arrives::Not),
    ("x-auth-request-email", "boss@shop.example", Arrives::Not),
    ("x-auth-request-access-token", "ya29.site", Arrives::Not),
    ("x-amzn-oidc-data", "eyJ.site", Arrives::Not),
    ("x-amzn-oidc-accesstoken", "eyJ.site", Arrives::Not),
    ("x-goog-iap-jwt-assertion", "eyJ.site", Arrives::Not),
    ("cf-access-jwt-assertion", "eyJ.site", Arrives::Not),
    ("x-pomerium-jwt-assertion", "eyJ.site", Arrives::Not),
    ("x-ms-client-principal", "eyJ.site", Arrives::Not),
    ("remote-user", "boss", Arrives::Not),
    ("x-calldock-ticket", "ticket", Arrives::Not),
    ("x-csrf-token", "site", Arrives::Not),
    ("forwarded", "for=203.0.113.9", Arrives::Not),
    ("x-forwarded-port", "1", Arrives::Not),
    ("dnt", "1", Arrives::Not),
    ("x-own", "1", Arrives::Not),
];

/// Response headers: name, value, whether the page receives it.
pub const FROM_CEC: &[(&str, &str, bool)] = &[
    ("x-kept", "1", true),
    ("cache-control", "no-store", true),
    ("content-security-policy", "frame-ancestors 'self'", true),
    ("x-accel-redirect", "/private/secret.txt", false),
    ("x-accel-expires", "100", false),
    ("x-accel-buffering", "no", false),
    ("x-accel-charset", "koi8-r", false),
    ("x-sendfile", "/etc/passwd", false),
    ("x-lighttpd-send-file", "/etc/passwd", false),
    ("x-litespeed-location", "/etc/passwd", false),
    ("x-litespeed-cache-control", "public", false),
    ("x-reproxy-url", "http://169.254.169.254/", false),
    ("surrogate-control", "max-age=60", false),
    ("cdn-cache-control", "max-age=60", false),
    ("x-envoy-immediate-health-check-fail", "1", false),
    ("strict-transport-security", "max-age=1", false),
    ("clear-site-data", "\"*\"", false),
    ("service-worker-allowed", "/", false),
    ("alt-svc", "h3=\":443\"", false),
    ("nel", "{}", false),
    ("report-to", "{}", false),
    ("public-key-pins", "x", false),
    ("accept-ch", "Sec-CH-UA", false),
    ("origin-agent-cluster", "?1", false),
    ("use-as-dictionary", "match=\"/*\"", false),
    ("set-login", "logged-in", false),
    ("www-authenticate", "Basic realm=\"shop\"", false),
    ("refresh", "0; url=/admin", false),
    ("access-control-allow-origin", "*", false),
    ("access-control-allow-credentials", "true", false),
    ("timing-allow-origin", "*", false),
];

/// `Set-Cookie`: as CEC sends it, and as the page receives it, if it does.
pub const SET_COOKIE: &[(&str, Option<&str>)] = &[
    (
        "ccmessaging-token=abc; Domain=.besclouds.com; Path=/; HttpOnly",
        Some("ccmessaging-token=abc; Path=/; HttpOnly"),
    ),
    ("session=evil; Path=/", None),
    ("JSESSIONID=cec; Path=/", None),
    ("__Host-calldock-guest=evil; Path=/; Secure", None),
    ("HWWAFSESID=waf; Path=/service-cloud", Some("HWWAFSESID=waf; Path=/service-cloud")),
    ("ccmessaging-token=a; Domain =.example.com", Some("ccmessaging-token=a")),
    ("ccmessaging-token=a; Domain=x; Domain=.example.com", Some("ccmessaging-token=a")),
    ("ccmessaging-token=a;\tdOMAIN\t=\tx; Secure;domain", Some("ccmessaging-token=a; Secure")),
    ("ccmessaging-token=domain; Domains=x", Some("ccmessaging-token=domain; Domains=x")),
];

/// Paths of requests, and whether CEC is asked for them.
pub const PATHS: &[(&str, bool)] = &[
    ("/service-cloud/a//b;v=1/%E5%BC%A0%20..b.", true),
    ("/service-cloud/100%25.pdf?u=/../%2f%5c", true),
    ("/service-cloud/100%25done.pdf", true),
    ("/service-cloud/..;/admin", false),
    ("/service-cloud/..;x=1/admin", false),
    ("/service-cloud/%2e%2e%3b/admin", false),
    ("/service-cloud/./x", false),
    ("/service-cloud/x/..?y", false),
    ("/service-cloud/a/../x", false),
    ("/service-cloud/..%2fadmin", false),
    ("/service-cloud/..%5cadmin", false),
    ("/service-cloud/..\\admin", false),
    ("/service-cloud/a%2Fb", false),
    ("/service-cloud/%252e%252e/admin", false),
    ("/service-cloud/%25252e%25252e/admin", false),
    ("/service-cloud/%25%32e/admin", false),
    ("/service-cloud/%c0%ae%c0%ae/admin", false),
    ("/service-cloud/%e0%80%ae/admin", false),
    ("/service-cloud/a%0d%0ab", false),
    ("/admin/..%2fservice-cloud/x", false),
    ("/admin/../service-cloud/x", false),
    ("/%73ervice-cloud/x", false),
    ("//service-cloud/x", false),
];

/// `Location` of a response to `/service-cloud/a/x`: as CEC at `{cec}` sends it, and where the page is led to: a path
/// is one of the site.
pub const LOCATIONS: &[(&str, &str)] = &[
    ("{cec}/service-cloud/b?c=/../d#e", "/service-cloud/b?c=/../d#e"),
    ("{cec}/service-cloud", "/service-cloud"),
    ("/service-cloud?c", "/service-cloud?c"),
    ("/service-cloud/%E5%BC%A0", "/service-cloud/%E5%BC%A0"),
    ("/service-cloud/100%25.pdf", "/service-cloud/100%25.pdf"),
    ("b/c?d=../e", "/service-cloud/a/b/c?d=../e"),
    ("?c", "/service-cloud/a/x?c"),
    ("/login?next=/service-cloud/", "{cec}/login?next=/service-cloud/"),
    ("{cec}/login", "{cec}/login"),
    ("/service-cloudy/x", "{cec}/service-cloudy/x"),
    ("/service-cloud/../admin", "{cec}/admin"),
    ("{cec}/service-cloud/../admin", "{cec}/admin"),
    ("/service-cloud/%2e%2E/admin", "{cec}/admin"),
    ("/service-cloud/..%2fadmin", "{cec}/service-cloud/..%2fadmin"),
    ("/service-cloud/..;/admin", "{cec}/service-cloud/..;/admin"),
    ("../../admin", "{cec}/admin"),
    ("%2e%2e/../admin", "{cec}/admin"),
    ("/\t./admin", "{cec}/admin"),
    ("/ser\tvice-cloud/.\t./admin", "{cec}/admin"),
    ("//evil.example/service-cloud/x", "https://evil.example/service-cloud/x"),
    ("https://elsewhere.example/a/../b", "https://elsewhere.example/b"),
    ("weixin://dl/chat", "weixin://dl/chat"),
];
