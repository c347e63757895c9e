//! `World`: a throw-away store and the programs run against it, with every wait bounded.
#![allow(dead_code, reason = "two test crates include this file, and each uses its part")]

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex, mpsc};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

/// How long a program may take before the test fails. Generous: two cores, many tests at once.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

/// A temporary directory with a store in it, and an environment that holds nothing else.
#[derive(Debug)]
pub(crate) struct World {
    root: tempfile::TempDir,
    home: PathBuf,
}

impl World {
    /// Makes an empty world; its store is made by the first command that needs one.
    pub(crate) fn new() -> World {
        let root = tempfile::Builder::new().prefix("streampath-").tempdir().unwrap();
        let home = root.path().join("store");
        World { root, home }
    }

    /// Makes a world in memory, where there is such a place: for many small changes, each of which
    /// would wait for a disk.
    pub(crate) fn in_memory() -> World {
        let mut builder = tempfile::Builder::new();
        let root = builder.prefix("streampath-").tempdir_in("/dev/shm");
        let Ok(root) = root else { return World::new() };
        let home = root.path().join("store");
        World { root, home }
    }

    /// Makes a world whose store is `name` below its directory: for a store on a mount of its own.
    pub(crate) fn with_store_at(name: &str) -> World {
        let mut world = World::new();
        world.home = world.root.path().join(name);
        world
    }

    /// Returns the directory that everything of this world is in.
    pub(crate) fn dir(&self) -> &Path {
        self.root.path()
    }

    /// Returns the store's directory (`$STREAMPATH_HOME`).
    pub(crate) fn store(&self) -> &Path {
        &self.home
    }

    /// Returns a command for `program` in this world's directory and environment.
    ///
    /// `program` is one of the project's names, or a path (anything with a `/` in it).
    pub(crate) fn command<A: AsRef<OsStr>>(
        &self,
        program: &str,
        args: impl IntoIterator<Item = A>,
    ) -> Command {
        let mut command = Command::new(program_path(program));
        command
            .arg0(program)
            .args(args)
            .current_dir(self.dir())
            .env_clear()
            .env("STREAMPATH_HOME", &self.home)
            .env("HOME", self.dir())
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("TZ", "UTC")
            .env("NO_COLOR", "1")
            .env("COLUMNS", "100")
            .env("LC_ALL", "C");
        command
    }

    /// Runs a program to its end with `stdin` as its whole input.
    #[track_caller]
    #[must_use = "say how it should have ended: `.ok()`, `.fails(code)` or `.ends(code)`"]
    pub(crate) fn run<A: AsRef<OsStr>>(
        &self,
        program: &str,
        args: impl IntoIterator<Item = A>,
        stdin: impl AsRef<[u8]>,
    ) -> Ran {
        run_command(self.command(program, args), stdin)
    }

    /// Starts a program that goes on while the test does other things.
    #[track_caller]
    pub(crate) fn start<A: AsRef<OsStr>>(
        &self,
        program: &str,
        args: impl IntoIterator<Item = A>,
    ) -> Running {
        Running::start(self.command(program, args))
    }
}

/// Returns where Cargo put one of the project's programs; a path stays what it is.
pub(crate) fn program_path(program: &str) -> PathBuf {
    match program {
        // The others are what it is when it is called by their names.
        "streamctl" | "kafka-topics" | "kafka-get-offsets" | "kafka-consumer-groups" => {
            PathBuf::from(env!("CARGO_BIN_EXE_streamctl"))
        }
        "console-producer" => PathBuf::from(env!("CARGO_BIN_EXE_console-producer")),
        "console-consumer" => PathBuf::from(env!("CARGO_BIN_EXE_console-consumer")),
        path => {
            assert!(path.contains('/'), "`{path}` is no program of this project");
            PathBuf::from(path)
        }
    }
}

/// Runs any command to its end with `stdin` as its whole input.
#[track_caller]
#[must_use = "say how it should have ended: `.ok()`, `.fails(code)` or `.ends(code)`"]
pub(crate) fn run_command(command: Command, stdin: impl AsRef<[u8]>) -> Ran {
    let mut running = Running::start(command);
    let mut pipe = running.stdin.take().unwrap();
    let input = stdin.as_ref().to_vec();
    // A program may end without reading its input: a broken pipe here is its decision.
    let feeder = thread::spawn(move || drop(pipe.write_all(&input)));
    let ran = running.wait();
    feeder.join().unwrap();
    ran
}

/// How a program ended and what it said.
#[derive(Debug)]
pub(crate) struct Ran {
    what: String,
    status: ExitStatus,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
}

impl Ran {
    /// Demands exit status 0 and nothing on stderr but a consumer's closing count and Kafka's notices
    /// of old spellings.
    #[track_caller]
    pub(crate) fn ok(self) -> Ran {
        assert!(self.status.success(), "should have worked: {}", self.told());
        let complaint = self
            .stderr()
            .lines()
            .find(|line| !line.starts_with("Processed a total of ") && !is_notice(line))
            .map(str::to_owned);
        assert!(complaint.is_none(), "should have been quiet on stderr: {}", self.told());
        self
    }

    /// Demands exit status `code`, an empty stdout and a message that is not a dump of ours.
    #[track_caller]
    pub(crate) fn fails(self, code: i32) -> Ran {
        assert_eq!(self.status.code(), Some(code), "wrong exit status: {}", self.told());
        assert!(self.stdout.is_empty(), "a failure prints no data: {}", self.told());
        let message = self.stderr();
        assert!(!message.trim().is_empty(), "a failure says why: {}", self.told());
        for dump in ["panicked at", "RUST_BACKTRACE", "Os { code", "Some(", "Err("] {
            assert!(!message.contains(dump), "`{dump}` shown to a person: {}", self.told());
        }
        self
    }

    /// Demands exit status `code` and nothing else.
    #[track_caller]
    pub(crate) fn ends(self, code: i32) -> Ran {
        assert_eq!(self.status.code(), Some(code), "wrong exit status: {}", self.told());
        self
    }

    /// Returns the exit status; `None` if a signal ended the program.
    pub(crate) fn code(&self) -> Option<i32> {
        self.status.code()
    }

    /// Returns what was printed, as text.
    #[track_caller]
    pub(crate) fn stdout(&self) -> String {
        String::from_utf8(self.stdout.clone()).expect("stdout is UTF-8")
    }

    /// Returns what was printed, byte for byte.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.stdout
    }

    /// Returns what was said on the side, as text.
    pub(crate) fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.stderr).into_owned()
    }

    /// Returns the whole story, shortened, for a failure message.
    pub(crate) fn told(&self) -> String {
        let mut told = format!("`{}` ", self.what);
        match (self.status.code(), self.status.signal()) {
            (Some(code), _) => write!(told, "ended with {code}").unwrap(),
            (None, Some(signal)) => write!(told, "was ended by signal {signal}").unwrap(),
            (None, None) => told.push_str("ended"),
        }
        for (name, bytes) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            let text = String::from_utf8_lossy(bytes);
            let shown: String = text.chars().take(2000).collect();
            let more = if shown.len() < text.len() { "…" } else { "" };
            write!(told, "\n--- {name}, {} bytes\n{shown}{more}", bytes.len()).unwrap();
        }
        told
    }
}

/// Tells whether a line is Kafka's notice that an option is spelled in an old way.
fn is_notice(line: &str) -> bool {
    line.contains(" is deprecated and will be removed in ")
}

/// A program that is running, its output collected line by line behind its back.
///
/// Dropping it kills it: no test leaves a process behind.
#[derive(Debug)]
pub(crate) struct Running {
    what: String,
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: Arc<Collected>,
    stderr: Arc<Collected>,
}

impl Running {
    /// Starts `command` with all three streams piped.
    #[track_caller]
    pub(crate) fn start(mut command: Command) -> Running {
        let what = told_command(&command);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("`{what}`: {error}"));
        let stdin = child.stdin.take();
        let stdout = Collected::follow(child.stdout.take().unwrap());
        let stderr = Collected::follow(child.stderr.take().unwrap());
        Running { what, child, stdin, stdout, stderr }
    }

    /// Returns the process id.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Types `text` into the program.
    #[track_caller]
    pub(crate) fn feed(&mut self, text: impl AsRef<[u8]>) {
        let stdin = self.stdin.as_mut().expect("stdin is still open");
        stdin.write_all(text.as_ref()).unwrap_or_else(|error| panic!("{}: {error}", self.what));
        stdin.flush().unwrap();
    }

    /// Hands over the program's input, for a thread that feeds it.
    pub(crate) fn take_stdin(&mut self) -> ChildStdin {
        self.stdin.take().expect("stdin is still open")
    }

    /// Ends the program's input.
    pub(crate) fn close_stdin(&mut self) {
        self.stdin = None;
    }

    /// Waits until a line of stdout satisfies `wanted`, and returns it.
    #[track_caller]
    pub(crate) fn wait_for_line(&self, wanted: impl Fn(&str) -> bool) -> String {
        self.stdout.wait_for_line(&self.what, &wanted)
    }

    /// Waits until a line of stderr satisfies `wanted`, and returns it.
    #[track_caller]
    pub(crate) fn wait_for_message(&self, wanted: impl Fn(&str) -> bool) -> String {
        self.stderr.wait_for_line(&self.what, &wanted)
    }

    /// Waits until stdout has `count` whole lines.
    #[track_caller]
    pub(crate) fn wait_for_lines(&self, count: usize) {
        let enough = self.stdout.wait_until(|state| state.lines >= count || state.closed);
        assert!(
            enough && self.stdout.state.lock().unwrap().lines >= count,
            "`{}` never printed {count} lines, but:\n{}",
            self.what,
            self.stdout.text()
        );
    }

    /// Returns what stdout has so far.
    pub(crate) fn stdout_so_far(&self) -> String {
        self.stdout.text()
    }

    /// Returns what stderr has so far.
    pub(crate) fn stderr_so_far(&self) -> String {
        self.stderr.text()
    }

    /// Kills the program with a signal that it cannot catch, and waits for its end.
    #[must_use = "say how it should have ended: `.ok()`, `.fails(code)` or `.ends(code)`"]
    pub(crate) fn kill(mut self) -> Ran {
        self.child.kill().unwrap();
        self.wait()
    }

    /// Sends a signal that the program may catch.
    pub(crate) fn signal(&self, signal: rustix::process::Signal) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, signal).unwrap();
    }

    /// Tells whether the program has ended by itself.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Ends the input and waits for the program's end.
    #[track_caller]
    #[must_use = "say how it should have ended: `.ok()`, `.fails(code)` or `.ends(code)`"]
    pub(crate) fn wait(mut self) -> Ran {
        self.close_stdin();
        let ended = self.stdout.wait_until(|state| state.closed)
            && self.stderr.wait_until(|state| state.closed);
        if !ended {
            self.child.kill().unwrap();
        }
        let status = self.child.wait().unwrap();
        let ran = Ran {
            what: self.what.clone(),
            status,
            stdout: self.stdout.take(),
            stderr: self.stderr.take(),
        };
        assert!(ended, "not finished after {} s: {}", PATIENCE.as_secs(), ran.told());
        ran
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The bytes that came out of one pipe so far.
#[derive(Debug, Default)]
struct Collected {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    bytes: Vec<u8>,
    lines: usize,
    closed: bool,
}

impl Collected {
    fn follow(pipe: impl Read + Send + 'static) -> Arc<Collected> {
        let collected = Arc::new(Collected::default());
        let own = Arc::clone(&collected);
        thread::spawn(move || {
            let mut pipe = BufReader::with_capacity(1 << 16, pipe);
            loop {
                let count = match pipe.fill_buf() {
                    Ok(bytes) if !bytes.is_empty() => {
                        let mut state = own.state.lock().unwrap();
                        state.lines += memchr::memchr_iter(b'\n', bytes).count();
                        state.bytes.extend_from_slice(bytes);
                        bytes.len()
                    }
                    _ => break,
                };
                pipe.consume(count);
                own.changed.notify_all();
            }
            own.state.lock().unwrap().closed = true;
            own.changed.notify_all();
        });
        collected
    }

    fn wait_until(&self, enough: impl Fn(&State) -> bool) -> bool {
        let guard = self.state.lock().unwrap();
        let (_guard, waited) =
            self.changed.wait_timeout_while(guard, PATIENCE, |state| !enough(state)).unwrap();
        !waited.timed_out()
    }

    #[track_caller]
    fn wait_for_line(&self, what: &str, wanted: &dyn Fn(&str) -> bool) -> String {
        let found = |state: &State| {
            let text = String::from_utf8_lossy(&state.bytes);
            let whole = text.rfind('\n').map_or("", |end| &text[..end]);
            whole.lines().find(|line| wanted(line)).map(str::to_owned)
        };
        self.wait_until(|state| state.closed || found(state).is_some());
        let line = found(&self.state.lock().unwrap());
        line.unwrap_or_else(|| panic!("`{what}` never printed that line, but:\n{}", self.text()))
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.state.lock().unwrap().bytes).into_owned()
    }

    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut self.state.lock().unwrap().bytes)
    }
}

/// Returns a command as a person would type it.
fn told_command(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut told = program.file_name().unwrap_or_default().to_string_lossy().into_owned();
    for arg in command.get_args() {
        told.push(' ');
        told.push_str(&arg.to_string_lossy());
    }
    told
}

/// Runs `work` and fails the test if it takes longer than `limit`.
#[track_caller]
pub(crate) fn within<T: Send + 'static>(
    limit: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> T {
    let (done, result) = mpsc::channel();
    let worker = thread::spawn(move || drop(done.send(work())));
    match result.recv_timeout(limit) {
        Ok(value) => value,
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("not done after {} s", limit.as_secs()),
        Err(mpsc::RecvTimeoutError::Disconnected) => match worker.join() {
            Err(panic) => std::panic::resume_unwind(panic),
            Ok(()) => unreachable!("a worker that ended well has sent its value"),
        },
    }
}

/// Waits until `condition` holds, looking every few milliseconds, for at most [`PATIENCE`].
#[track_caller]
pub(crate) fn eventually(what: &str, mut condition: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !condition() {
        assert!(Instant::now() < deadline, "{what}: still not so after {} s", PATIENCE.as_secs());
        thread::sleep(Duration::from_millis(2));
    }
}

/// Says, where it is seen and counted, that this test could not run here. The caller then returns.
///
/// The line goes to the real stderr (the test runner hides only what is printed by macro), and to
/// the file that `STREAMPATH_SKIPS` names: `.ci/run` counts it and decides whether it is allowed.
pub(crate) fn skip(reason: &str) {
    let thread = thread::current();
    let line = format!("skipped: {}: {reason}\n", thread.name().unwrap_or("a test"));
    drop(std::io::stderr().write_all(line.as_bytes()));
    if let Some(file) = env::var_os("STREAMPATH_SKIPS") {
        let mut file = fs::OpenOptions::new().create(true).append(true).open(file).unwrap();
        file.write_all(line.as_bytes()).unwrap();
    }
}

/// Returns a random source whose seed is printed with a failure; `STREAMPATH_TEST_SEED` sets it.
pub(crate) fn random() -> fastrand::Rng {
    let seed = match env::var("STREAMPATH_TEST_SEED") {
        Ok(text) => text.parse().expect("STREAMPATH_TEST_SEED is a number"),
        Err(_) => fastrand::u64(..),
    };
    println!("STREAMPATH_TEST_SEED={seed}");
    fastrand::Rng::with_seed(seed)
}
