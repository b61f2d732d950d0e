//! A site on this computer that answers as a test says: a store's pages, or a storefront's.

use super::http::{self, Reply, Request};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

type Answers = dyn Fn(&Request) -> Reply + Send + Sync;

/// A running site; it ends with the value.
pub(crate) struct Site {
    address: SocketAddr,
    log: Arc<Mutex<Vec<Request>>>,
    connections: Arc<AtomicUsize>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Site {
    pub(crate) fn new(answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (log, stop) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let connections = Arc::new(AtomicUsize::new(0));
        let answer: Arc<Answers> = Arc::new(answer);
        let (seen, stopped, opened) = (log.clone(), stop.clone(), connections.clone());
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if stopped.load(Ordering::SeqCst) {
                    break;
                }
                opened.fetch_add(1, Ordering::SeqCst);
                let (seen, answer) = (seen.clone(), answer.clone());
                std::thread::spawn(move || serve(&stream, &seen, &*answer));
            }
        });
        Self { address, log, connections, stop, thread: Some(thread) }
    }

    /// Its address, without a final slash.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The requests so far.
    pub(crate) fn log(&self) -> Vec<Request> {
        self.log.lock().unwrap().clone()
    }

    /// How many connections were opened.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

fn serve(stream: &TcpStream, log: &Mutex<Vec<Request>>, answer: &Answers) {
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    while let Some(request) = http::read(stream) {
        log.lock().unwrap().push(request.clone());
        if !http::write(stream, &answer(&request)) {
            return;
        }
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // Wakes it up.
        let _ = TcpStream::connect(self.address);
        let _ = self.thread.take().map(JoinHandle::join);
    }
}
