//! How long a short command takes from its start to its end.

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::Extent;
use crate::ground::{Ground, finish, time};
use crate::spread::Spread;
use crate::table::Figure;

/// How often a short command is run for each round of the long ones.
const TIMES: usize = 3;

pub(crate) fn measure(ground: &Ground, extent: Extent, tell: &mut dyn FnMut(Figure)) {
    let times = extent.rounds * TIMES;
    ground.fresh_store();
    let mut produce = ground.producer("--topic /s:t --request-required-acks 1");
    time(produce.stdin(fs::File::open(ground.input()).unwrap()));

    let info = || ground.control("stream info -path /s");
    tell(Figure::new("`streamctl stream info`", repeat(times, info), 10.0, " ms"));

    let one = Spread::of((0..times).map(|_| one_line(ground)));
    tell(Figure::new("one line produced, acks=1", one, 15.0, " ms"));

    let middle = ground.lines / 3 / 2;
    let line = format!("--topic /s:t --partition 1 --offset {middle} --max-messages 1");
    let read = || ground.consumer(&line);
    tell(Figure::new("one message in the middle", repeat(times, read), 15.0, " ms"));

    let without = Spread::of((0..extent.rounds).map(|_| {
        remove_index(ground);
        milliseconds(&mut ground.consumer(&line))
    }));
    tell(Figure::new("one message in the middle, the index deleted", without, 500.0, " ms"));
}

fn repeat(times: usize, command: impl Fn() -> Command) -> Spread {
    Spread::of((0..times).map(|_| milliseconds(&mut command())))
}

fn milliseconds(command: &mut Command) -> f64 {
    time(command.stdout(Stdio::null())).wall.as_secs_f64() * 1e3
}

fn one_line(ground: &Ground) -> f64 {
    let mut command = ground.producer("--topic /s:t --request-required-acks 1");
    let began = Instant::now();
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"one line\n").unwrap();
    finish(child);
    began.elapsed().as_secs_f64() * 1e3
}

fn remove_index(ground: &Ground) {
    for entry in fs::read_dir(ground.store().join("s")).unwrap().flatten() {
        if entry.file_name().to_string_lossy().starts_with("index.") {
            fs::remove_file(entry.path()).unwrap();
        }
    }
}
