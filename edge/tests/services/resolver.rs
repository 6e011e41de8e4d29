//! A name server that knows one name.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::net::UdpSocket;

/// Starts one that resolves `name` to this machine. Returns its address and the names it was asked for.
pub async fn start(name: &'static str) -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&asked);
    tokio::spawn(async move {
        let mut question = [0; 512];
        loop {
            let (length, from) = socket.recv_from(&mut question).await.unwrap();
            let asked_for = name_in(&question[12..length]);
            let found = asked_for == name;
            noted.lock().unwrap().push(asked_for);
            // RFC 1035 §4.1: the same id and question, an answer that points back to its name.
            let mut answer = question[..length].to_vec();
            answer[2..4].copy_from_slice(&[0x81, if found { 0x80 } else { 0x83 }]);
            answer[7] = u8::from(found);
            if found {
                answer.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1]);
            }
            socket.send_to(&answer, from).await.unwrap();
        }
    });
    (address, asked)
}

fn name_in(mut labels: &[u8]) -> String {
    let mut name = Vec::new();
    while let [length, rest @ ..] = labels
        && *length > 0
    {
        let (label, rest) = rest.split_at(usize::from(*length));
        name.push(String::from_utf8_lossy(label).into_owned());
        labels = rest;
    }
    name.join(".")
}
