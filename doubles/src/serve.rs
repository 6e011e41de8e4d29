//! Listens, says where, and ends cleanly with every stream open.

use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use axum::http::Uri;
use tokio::{net::TcpListener, sync::watch};

use crate::{
    app::{self, Doubles, Settings},
    ending::Ending,
    site::Site,
    tccc::like::{self, Like},
};

/// How long an ordinary answer may still take after the signal; streams end at once.
const GRACE: Duration = Duration::from_secs(2);

/// The integrator's validation route (`docs/vendor/huawei.md` §5).
const CALLBACK: &str = "/rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate";

/// Where the playground's site is expected where it is not served here.
const SITE_PORT: u16 = 8700;

/// Reads a compatibility report.
fn like_of(file: &Path) -> io::Result<Like> {
    let text = std::fs::read_to_string(file)?;
    let report = serde_json::from_str(&text).map_err(|error| error.to_string());
    report
        .and_then(|report| like::read(&report))
        .map_err(|message| invalid(format!("--like: {}: {message}", file.display())))
}

/// Serves until SIGTERM or SIGINT, having printed `listening on http://HOST:PORT` once, and with a site
/// `serving the site on http://localhost:PORT`.
///
/// `site_origin` is put into a policy header, so it must be a plain origin. `cec_callback` is called over plain
/// HTTP: the double holds no certificates. `site` is a folder and where to serve it.
pub async fn serve(
    listen: &str,
    site_origin: Option<String>,
    cec_callback: Option<String>,
    like: Option<PathBuf>,
    site: Option<(PathBuf, String)>,
) -> io::Result<()> {
    let like = match like {
        Some(file) => like_of(&file)?,
        None => Like::default(),
    };
    // Bound first: the vendor has to know the site, and its port may be chosen by the system.
    let site = match site {
        Some((folder, _)) if !folder.is_dir() => {
            return Err(invalid(format!("--site: {} is not a folder", folder.display())));
        }
        Some((folder, listen)) => Some((folder, bind(&listen).await?)),
        None => None,
    };
    let port = match &site {
        Some((_, listener)) => listener.local_addr()?.port(),
        None => SITE_PORT,
    };
    let site_origin = site_origin.unwrap_or_else(|| format!("http://localhost:{port}"));
    let cec_callback = cec_callback.unwrap_or_else(|| format!("http://127.0.0.1:{port}{CALLBACK}"));
    let site_origin = origin(&site_origin).ok_or_else(|| {
        invalid(format!(
            "--site-origin: expected an origin like http://localhost:8700, found {site_origin:?}"
        ))
    })?;
    if !cec_callback.starts_with("http://") || cec_callback.parse::<Uri>().is_err() {
        return Err(invalid(format!(
            "--cec-callback: expected an http:// address, found {cec_callback:?}"
        )));
    }
    let listener = bind(listen).await?;
    let mut address = listener.local_addr()?;
    if address.ip().is_unspecified() {
        address.set_ip([127, 0, 0, 1].into());
    }
    let base = format!("http://{address}");
    let (close, closing) = watch::channel(false);
    let settings = Settings { base: &base, site_origin, cec_callback: &cec_callback };
    let doubles = Doubles::new(&settings, Ending::new(closing.clone()));
    doubles.tccc.faults().like = like;
    let mut app = app::router(doubles);
    let stop = stop_signal()?;
    let mut served = None;
    if let Some((folder, listener)) = site {
        let site = Site::new(folder, base.clone());
        app = app.merge(site.clone().control());
        served = Some(axum::serve(listener, site.router()));
    }

    println!("listening on {base}");
    if served.is_some() {
        println!("serving the site on {site_origin}");
    }
    let server = axum::serve(listener, app).with_graceful_shutdown(async move {
        stop.await;
        close.send_replace(true);
    });
    let pages = async {
        match served {
            Some(served) => served.await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        ended = server => ended,
        ended = pages => ended,
        () = out_of_grace(closing) => Ok(()),
    }
}

async fn bind(listen: &str) -> io::Result<TcpListener> {
    TcpListener::bind(listen).await.map_err(|error| {
        io::Error::new(error.kind(), format!("cannot listen on {listen}: {error}"))
    })
}

/// An origin as a browser writes it, or nothing.
fn origin(text: &str) -> Option<&str> {
    let host = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"))?;
    let plain = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
    (!host.is_empty() && host.chars().all(plain)).then_some(text)
}

fn invalid(message: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, message)
}

/// Resolves a while after closing began: a client that neither reads nor leaves must not hold us.
async fn out_of_grace(mut closing: watch::Receiver<bool>) {
    if closing.wait_for(|closing| *closing).await.is_ok() {
        tokio::time::sleep(GRACE).await;
    } else {
        std::future::pending::<()>().await;
    }
}

#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => (),
            _ = interrupt.recv() => (),
        }
    })
}

#[cfg(not(unix))]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}

#[cfg(test)]
mod tests {
    use super::origin;

    #[test]
    fn a_site_origin_cannot_smuggle_a_policy() {
        assert_eq!(origin("http://localhost:8700"), Some("http://localhost:8700"));
        assert_eq!(origin("https://[::1]:8700"), Some("https://[::1]:8700"));
        for bad in
            ["*", "http://", "http://a b", "http://a; script-src *", "http://a/", "localhost:8700"]
        {
            assert_eq!(origin(bad), None, "{bad}");
        }
    }
}
