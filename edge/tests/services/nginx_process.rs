//! Debian's nginx with a configuration of the test's own.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// One nginx; it ends with this value.
pub struct Nginx(Child, PathBuf);

/// How often nginx is started, each time on other ports.
const STARTS: usize = 20;

impl Nginx {
    /// Starts it in this folder, on ports that are free. `configure` gets them, and returns what comes in the
    /// `http` block and before it.
    pub fn start<const N: usize>(
        folder: &Path,
        main: &str,
        mut configure: impl FnMut([SocketAddr; N]) -> String,
    ) -> (Self, [SocketAddr; N]) {
        let mut said = String::new();
        // Between the look for a free port and its use another program may have taken it.
        for _ in 0..STARTS {
            let ports = free();
            match Self::try_start(folder, main, &configure(ports)) {
                Ok(nginx) => return (nginx, ports),
                Err(text) if text.contains("Address already in use") => said = text,
                Err(text) => panic!("nginx did not start: {text}"),
            }
        }
        panic!("nginx did not start on {STARTS} choices of ports: {said}");
    }

    /// Starts it; what it said, where it does not start.
    fn try_start(folder: &Path, main: &str, http: &str) -> Result<Self, String> {
        // As root, nginx would become another user, who may not read this folder.
        let id = Command::new("id").arg("-u").output().unwrap().stdout;
        let user = if id == b"0\n" { "user root;" } else { "" };
        let places: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|name| format!("{name}_temp_path {}/{name};\n", folder.display()))
            .concat();
        fs::write(
            folder.join("nginx.conf"),
            format!(
                "{main}\n{user}\nworker_processes 1;\npid nginx.pid;\nerror_log stderr notice;\nevents {{}}\nhttp {{\n{places}access_log off;\n{http}\n}}\n"
            ),
        )
        .unwrap();
        let mut command = nginx(folder);
        command.args(["-g", "daemon off;"]).stderr(Stdio::piped());
        let mut nginx = Self(command.spawn().unwrap(), folder.to_owned());
        let mut output_text = String::new();
        let mut lines = BufReader::new(nginx.0.stderr.take().unwrap());
        while !output_text.contains("start worker process ") {
            if lines.read_line(&mut output_text).unwrap() == 0 {
                return Err(output_text);
            }
        }
        // A full pipe would stop it.
        std::thread::spawn(move || lines.read_to_end(&mut Vec::new()));
        Ok(nginx)
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // By its own way of ending: its workers would outlive a master that is killed.
        let ended = nginx(&self.1).args(["-s", "stop"]).output();
        if !ended.is_ok_and(|ended| ended.status.success()) {
            let _ = self.0.kill();
        }
        let _ = self.0.wait();
    }
}

fn nginx(folder: &Path) -> Command {
    let mut command = Command::new(crate::program("CALLDOCK_NGINX"));
    command.args(["-e", "stderr", "-c", "nginx.conf", "-p"]).arg(folder);
    command.stdin(Stdio::null());
    command
}

/// Returns ports that are free at this moment: nginx cannot report one it chose.
fn free<const N: usize>() -> [SocketAddr; N] {
    let taken = [(); N].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    taken.map(|listener| listener.local_addr().unwrap())
}

#[test]
fn where_another_program_has_a_port_nginx_gets_another_one() {
    let folder = tempfile::tempdir().unwrap();
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut asked = 0;
    let (_nginx, [at]) = Nginx::start(folder.path(), "", |[free]| {
        asked += 1;
        let listen = if asked == 1 { other.local_addr().unwrap() } else { free };
        format!("server {{ listen {listen}; }}")
    });
    assert!(asked >= 2, "{asked}");
    std::net::TcpStream::connect(at).unwrap();
}
