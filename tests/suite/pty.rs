//! A person at a terminal: a program on a pseudo-terminal, keys typed into it, its screen read.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use crate::world::PATIENCE;

/// A program on a terminal of its own. Dropping it kills it.
#[derive(Debug)]
pub(crate) struct Terminal {
    child: Child,
    keyboard: File,
    screen: Arc<Screen>,
    /// How much of the screen was waited for already.
    seen: usize,
}

/// The bytes that the program wrote to its terminal so far.
#[derive(Debug, Default)]
struct Screen {
    state: Mutex<(Vec<u8>, bool)>,
    changed: Condvar,
}

impl Terminal {
    /// Starts `command` with a new terminal, wide enough that no line is broken, as its
    /// controlling one.
    #[track_caller]
    pub(crate) fn start(command: &Command) -> Terminal {
        let keyboard = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&keyboard).unwrap();
        unlockpt(&keyboard).unwrap();
        let name = ptsname(&keyboard, Vec::new()).unwrap();
        let path = Path::new(std::ffi::OsStr::from_bytes(name.to_bytes())).to_owned();
        let size = Winsize { ws_row: 50, ws_col: 200, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&keyboard, size).unwrap();
        let end = || OpenOptions::new().read(true).write(true).open(&path).unwrap();
        // A session can only be begun between fork and exec: util-linux has a program for that.
        let mut on_terminal = Command::new("setsid");
        on_terminal.args(["--ctty", "--wait"]).arg(command.get_program()).args(command.get_args());
        on_terminal.env_clear().current_dir(command.get_current_dir().unwrap());
        for (name, value) in command.get_envs() {
            on_terminal.env(name, value.unwrap());
        }
        on_terminal.stdin(end()).stdout(end()).stderr(end());
        let child = on_terminal.spawn().unwrap();
        let keyboard = File::from(keyboard);
        let screen = Screen::follow(keyboard.try_clone().unwrap());
        Terminal { child, keyboard, screen, seen: 0 }
    }

    /// Presses keys.
    #[track_caller]
    pub(crate) fn press(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
    }

    /// Waits until the screen shows something that was not there at the last wait, and returns
    /// what came up to its end.
    #[track_caller]
    pub(crate) fn wait_for(&mut self, wanted: &str) -> String {
        let text = self.screen.wait_for(self.seen, wanted);
        self.seen += text.len();
        String::from_utf8_lossy(&text).into_owned()
    }

    /// Waits for the program's end, and returns what came since the last wait and its exit status.
    #[track_caller]
    pub(crate) fn finish(mut self) -> (String, Option<i32>) {
        let text = self.screen.wait_for_end(self.seen);
        let status = self.child.wait().unwrap();
        (String::from_utf8_lossy(&text).into_owned(), status.code())
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Screen {
    fn follow(mut terminal: File) -> Arc<Screen> {
        let screen = Arc::new(Screen::default());
        let own = Arc::clone(&screen);
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            // A terminal that nobody has open any more ends with an error.
            while let Ok(count @ 1..) = terminal.read(&mut buffer) {
                // fish asks the terminal what it is before it says anything, and waits.
                if buffer[..count].windows(3).any(|bytes| bytes == b"\x1b[c") {
                    drop(terminal.write_all(b"\x1b[?6c"));
                }
                own.state.lock().unwrap().0.extend_from_slice(&buffer[..count]);
                own.changed.notify_all();
            }
            own.state.lock().unwrap().1 = true;
            own.changed.notify_all();
        });
        screen
    }

    /// Returns what came from byte `from` on, once nobody has the terminal open any more.
    #[track_caller]
    fn wait_for_end(&self, from: usize) -> Vec<u8> {
        let guard = self.state.lock().unwrap();
        let (state, waited) =
            self.changed.wait_timeout_while(guard, PATIENCE, |state| !state.1).unwrap();
        let text = state.0[from..].to_vec();
        assert!(!waited.timed_out(), "not finished: {}", String::from_utf8_lossy(&text));
        text
    }

    #[track_caller]
    fn wait_for(&self, from: usize, wanted: &str) -> Vec<u8> {
        let end_of = |bytes: &[u8]| {
            let found = memchr::memmem::find(bytes.get(from..)?, wanted.as_bytes())?;
            Some(from + found + wanted.len())
        };
        let guard = self.state.lock().unwrap();
        let (state, _) = self
            .changed
            .wait_timeout_while(guard, PATIENCE, |state| !state.1 && end_of(&state.0).is_none())
            .unwrap();
        match end_of(&state.0) {
            Some(end) => state.0[from..end].to_vec(),
            None => panic!(
                "the terminal never showed `{}`, but:\n{}",
                wanted.escape_debug(),
                String::from_utf8_lossy(&state.0[from..]).escape_debug()
            ),
        }
    }
}

/// Returns where a program of this machine is.
pub(crate) fn find_program(name: &str) -> Option<PathBuf> {
    let folders = ["/usr/local/bin", "/usr/bin", "/bin"];
    folders.iter().map(|folder| Path::new(folder).join(name)).find(|path| path.is_file())
}
