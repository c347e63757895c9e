//! A topic copied through a pipe as JSON lines, beside `cat f | cat > g` on the same bytes.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::Extent;
use crate::ground::{Ground, finish, peak_of};
use crate::spread::Spread;
use crate::table::Figure;

const MIB: f64 = 1_048_576.0;
/// Peak memory may differ by this between a short and a long run. MiB.
const SAME_MIB: f64 = 2.0;

/// Copies what is in `/s:t`, all of the input.
pub(crate) fn measure(ground: &Ground, extent: Extent, tell: &mut dyn FnMut(Figure)) {
    fill(ground, &ground.input());
    let lines = ground.output().with_file_name("lines.json");
    let mut write = reader(ground);
    finish(write.stdout(File::create(&lines).unwrap()).spawn().unwrap());
    let (mut record_ns, mut ratios) = (Vec::new(), Vec::new());
    for round in 0..extent.rounds {
        ground.remove_output();
        let mut write = Command::new("cat");
        write.stdout(File::create(ground.output()).unwrap());
        let cat = pipe(Command::new("cat").arg(&lines), &mut write);
        ground.remove_output();
        let topic = format!("copy-{round}");
        let copy = pipe(&mut reader(ground), &mut writer(ground, &topic));
        ground.streamctl(&format!("stream topic delete -path /s -topic {topic}"));
        record_ns.push(copy.as_secs_f64() * 1e9 / ground.lines as f64);
        ratios.push(copy.as_secs_f64() / cat.as_secs_f64());
    }
    fs::remove_file(lines).unwrap();
    let name = "consume and produce as JSON through a pipe: time a message";
    tell(Figure::new(name, Spread::of(record_ns), 1000.0, " ns"));
    let name = "consume and produce as JSON through a pipe: time / `cat f \\| cat > g`";
    tell(Figure::new(name, Spread::of(ratios), 4.0, " ×"));
    memory(ground, tell);
}

fn fill(ground: &Ground, input: &Path) {
    ground.fresh_store();
    let mut command = ground.producer("--topic /s:t --request-required-acks 1");
    finish(command.stdin(File::open(input).unwrap()).spawn().unwrap());
}

fn reader(ground: &Ground) -> Command {
    ground.consumer("--topic /s:t --from beginning --until end --format json")
}

fn writer(ground: &Ground, topic: &str) -> Command {
    ground.streamctl(&format!("stream topic create -path /s -topic {topic} -partitions 3"));
    let line = format!("--topic /s:{topic} --format json --request-required-acks 1 --quiet");
    ground.producer(&line)
}

fn start(left: &mut Command, right: &mut Command) -> [Child; 2] {
    let mut from = left.stdout(Stdio::piped()).spawn().unwrap();
    let to = right.stdin(from.stdout.take().unwrap()).spawn().unwrap();
    [from, to]
}

/// Runs `left | right`, and returns how long that took.
fn pipe(left: &mut Command, right: &mut Command) -> Duration {
    let began = Instant::now();
    for child in start(left, right) {
        finish(child);
    }
    began.elapsed()
}

fn memory(ground: &Ground, tell: &mut dyn FnMut(Figure)) {
    let mut peaks = Vec::new();
    for input in [ground.tenth(), ground.input()] {
        fill(ground, &input);
        let [mut from, mut to] = start(&mut reader(ground), &mut writer(ground, "copy"));
        peaks.push(peak_of([&mut from, &mut to]).map(|bytes| bytes as f64 / MIB));
    }
    for (end, name) in ["consume", "produce"].into_iter().enumerate() {
        let title = format!("{name} as JSON: peak memory");
        tell(Figure::new(title, Spread::of([peaks[1][end]]), 64.0, " MiB"));
        let title = format!("{name} as JSON: peak memory, all lines less a tenth of them");
        tell(Figure::new(title, Spread::of([peaks[1][end] - peaks[0][end]]), SAME_MIB, " MiB"));
    }
}
