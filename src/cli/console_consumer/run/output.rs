//! Standard output in large writes; while there is much to write, from a second thread.

use std::fmt;
use std::fs::File;
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::thread::{self, JoinHandle};

/// How much is written at a time. Bytes.
const CHUNK_BYTES: usize = 256 << 10;
/// A chunk that grew past this for one large record is not kept. Bytes.
const CHUNK_BYTES_MAX: usize = 1 << 20;
/// Chunks on their way to the second thread.
const CHUNKS_WAITING: usize = 2;

/// Standard output, and who is asked before each write whether it still may be.
#[derive(Clone)]
struct Sink {
    file: Arc<File>,
    may_write: Option<Arc<dyn Fn() -> bool + Send + Sync>>,
}

impl Sink {
    fn write(&self, bytes: &[u8]) -> io::Result<()> {
        if !bytes.is_empty() && self.may_write.as_ref().is_some_and(|may_write| !may_write()) {
            return Err(io::Error::other("this may be written no longer"));
        }
        self.file.as_ref().write_all(bytes)
    }
}

impl fmt::Debug for Sink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.file.fmt(f)
    }
}

/// Collects what is to be printed.
#[derive(Debug)]
pub(super) struct Output {
    sink: Sink,
    buffer: Vec<u8>,
    behind: Option<Behind>,
    /// The last write filled a whole chunk: there is much to write.
    is_busy: bool,
    /// So many records are with the kernel as a whole.
    written: u64,
    /// Something was discarded: what comes behind it does not count.
    has_lost: bool,
}

/// What is to be written, and how many records there are up to its end.
type Chunk = (Vec<u8>, u64);

/// The second thread.
#[derive(Debug)]
struct Behind {
    full: SyncSender<Chunk>,
    written: Receiver<io::Result<Chunk>>,
    /// As in [`Output`], of the chunks that came back.
    records: u64,
    /// A chunk could not be written: what comes behind it does not count.
    has_lost: bool,
    /// Chunks that are over there.
    chunks: usize,
    thread: JoinHandle<()>,
}

impl Output {
    pub(super) fn new(file: File) -> Self {
        let sink = Sink { file: Arc::new(file), may_write: None };
        Self { sink, buffer: Vec::new(), behind: None, is_busy: false, written: 0, has_lost: false }
    }

    /// Asks before each write, in whichever thread, whether it may be: what may not is an error.
    pub(super) fn ask(&mut self, may_write: impl Fn() -> bool + Send + Sync + 'static) {
        self.sink.may_write = Some(Arc::new(may_write));
    }

    /// Returns where to append what is to be printed. Call [`Output::push`] when it is full.
    #[inline(always)]
    pub(super) fn buffer(&mut self) -> &mut Vec<u8> {
        &mut self.buffer
    }

    /// True once it is time for [`Output::push`].
    #[inline(always)]
    pub(super) fn is_full(&self) -> bool {
        self.buffer.len() >= CHUNK_BYTES
    }

    /// Returns how many records are with the kernel as a whole.
    pub(super) fn written(&self) -> u64 {
        self.behind.as_ref().map_or(0, |behind| behind.records).max(self.written)
    }

    /// Lets a full buffer go out, which `records` in all end with; not necessarily before this
    /// returns.
    #[cold]
    #[inline(never)]
    pub(super) fn push(&mut self, records: u64) -> io::Result<()> {
        if !self.is_busy {
            self.is_busy = true;
            return self.write(records);
        }
        let behind = self.behind.get_or_insert_with(|| Behind::new(self.sink.clone()));
        let mut next = behind.spare()?;
        next.clear();
        next.reserve(CHUNK_BYTES + CHUNK_BYTES / 4);
        behind.send((std::mem::replace(&mut self.buffer, next), records))
    }

    /// Forgets what did not go out yet; nor does it count as written.
    pub(super) fn discard(&mut self) {
        self.buffer.clear();
        self.has_lost = true;
    }

    /// Returns when everything, which is `records` in all, is with the kernel.
    pub(super) fn flush(&mut self, records: u64) -> io::Result<()> {
        self.is_busy = false;
        if let Some(behind) = &mut self.behind {
            while behind.chunks > 0 {
                behind.receive()?;
            }
        }
        self.write(records)
    }

    fn write(&mut self, records: u64) -> io::Result<()> {
        self.sink.write(&self.buffer)?;
        if !self.has_lost && self.behind.as_ref().is_none_or(|behind| !behind.has_lost) {
            self.written = records;
        }
        self.buffer.clear();
        if self.buffer.capacity() > CHUNK_BYTES_MAX {
            self.buffer = Vec::new();
        }
        Ok(())
    }

    /// Flushes and ends the second thread.
    pub(super) fn close(&mut self, records: u64) -> io::Result<()> {
        self.flush(records)?;
        if let Some(behind) = self.behind.take() {
            drop(behind.full);
            // A panic there has been shown and counted by the hook.
            let _ = behind.thread.join();
        }
        Ok(())
    }
}

impl Behind {
    fn new(sink: Sink) -> Self {
        let (full, chunks) = sync_channel::<Chunk>(CHUNKS_WAITING);
        let (done, written) = channel();
        let thread = thread::spawn(move || {
            for chunk in chunks {
                let outcome = sink.write(&chunk.0).map(|()| chunk);
                let failed = outcome.is_err();
                if done.send(outcome).is_err() || failed {
                    return;
                }
            }
        });
        Self { full, written, records: 0, has_lost: false, chunks: 0, thread }
    }

    /// Returns a chunk to fill: a new one until there are enough, then one that came back.
    fn spare(&mut self) -> io::Result<Vec<u8>> {
        if self.chunks <= CHUNKS_WAITING { Ok(Vec::new()) } else { self.receive() }
    }

    fn receive(&mut self) -> io::Result<Vec<u8>> {
        self.chunks -= 1;
        let gone = || io::Error::other("the writing thread has ended");
        let received = self.written.recv().map_err(|_| gone()).flatten();
        self.has_lost |= received.is_err();
        let (chunk, records) = received?;
        self.records = records;
        Ok(if chunk.capacity() > CHUNK_BYTES_MAX { Vec::new() } else { chunk })
    }

    fn send(&mut self, chunk: Chunk) -> io::Result<()> {
        if self.full.send(chunk).is_ok() {
            self.chunks += 1;
            return Ok(());
        }
        // It ended because a write failed, and has said why.
        loop {
            self.receive()?;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{ErrorKind, Read, Seek};
    use std::os::unix::net::UnixStream;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::{CHUNK_BYTES, Output};

    #[test]
    fn everything_comes_out_in_order_whatever_the_sizes() {
        let mut file = tempfile::tempfile().unwrap();
        let mut output = Output::new(file.try_clone().unwrap());
        let mut expected = Vec::new();
        for round in 0..40_usize {
            let bytes = vec![round as u8; CHUNK_BYTES / 3 * (round % 5) + 7];
            expected.extend_from_slice(&bytes);
            output.buffer().extend_from_slice(&bytes);
            if output.is_full() {
                output.push(round as u64).unwrap();
            }
            if round % 11 == 10 {
                output.flush(round as u64).unwrap();
                assert_eq!(output.written(), round as u64);
                assert_eq!(file.metadata().unwrap().len(), expected.len() as u64);
            }
        }
        output.close(40).unwrap();
        assert_eq!(output.written(), 40);
        let mut written = Vec::new();
        file.rewind().unwrap();
        file.read_to_end(&mut written).unwrap();
        assert!(written == expected);
    }

    /// What is on its way to the second thread when the answer changes does not come out.
    #[test]
    fn nothing_is_written_once_it_may_not_be() {
        let (read, write) = UnixStream::pair().unwrap();
        let mut output = Output::new(std::os::fd::OwnedFd::from(write).into());
        let may_write = Arc::new(AtomicBool::new(true));
        let asked = Arc::clone(&may_write);
        output.ask(move || asked.load(Ordering::SeqCst));
        // One write that nobody reads is under way, and two chunks wait.
        for pushed in 1..=4 {
            output.buffer().resize(CHUNK_BYTES, pushed);
            if pushed == 1 {
                let mut first = vec![0; CHUNK_BYTES];
                std::thread::scope(|scope| {
                    scope.spawn(|| (&read).read_exact(&mut first).unwrap());
                    output.push(1).unwrap();
                });
                continue;
            }
            output.push(u64::from(pushed)).unwrap();
        }
        let mut begun = [0];
        (&read).read_exact(&mut begun).unwrap();
        assert_eq!(begun, [2], "the second thread is at its first chunk");
        may_write.store(false, Ordering::SeqCst);
        let reader = std::thread::spawn(move || {
            let mut rest = Vec::new();
            (&read).read_to_end(&mut rest).unwrap();
            rest
        });
        output.flush(4).unwrap_err();
        drop(output);
        let rest = reader.join().unwrap();
        assert_eq!(rest.len(), CHUNK_BYTES - 1, "only the write that was under way");
        assert!(rest.iter().all(|byte| *byte == 2));
    }

    #[test]
    fn a_closed_pipe_is_told_from_either_thread() {
        for pushes in [0, 1, 2, 9] {
            let (read, write) = UnixStream::pair().unwrap();
            drop(read);
            let mut output = Output::new(std::os::fd::OwnedFd::from(write).into());
            let mut outcome = Ok(());
            for _ in 0..pushes {
                output.buffer().resize(CHUNK_BYTES, 0);
                outcome = outcome.and_then(|()| output.push(1));
            }
            output.buffer().push(0);
            let error = outcome.and_then(|()| output.flush(2)).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::BrokenPipe, "after {pushes}");
            assert_eq!(output.written(), 0);
        }
    }
}
