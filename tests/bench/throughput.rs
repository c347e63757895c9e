//! Millions of lines in and out, beside `dd`.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

use crate::Extent;
use crate::ground::{Ground, Took, finish, peak_bytes, time};
use crate::spread::Spread;
use crate::table::Figure;

const MIB: f64 = 1_048_576.0;
/// Peak memory may differ by this between a short and a long run. MiB.
const SAME_MIB: f64 = 2.0;

pub(crate) fn measure(ground: &Ground, extent: Extent, tell: &mut dyn FnMut(Figure)) {
    produce(ground, extent, tell);
    produce_durably(ground, extent, tell);
    consume(ground, extent, tell);
    memory(ground, tell);
    tell(behind(ground));
}

fn produce_from(ground: &Ground, input: &Path, acks: &str) -> Took {
    ground.fresh_store();
    let mut command = ground.producer(&format!("--topic /s:t --request-required-acks {acks}"));
    time(command.stdin(File::open(input).unwrap()))
}

fn produce(ground: &Ground, extent: Extent, tell: &mut dyn FnMut(Figure)) {
    let (mut ratios, mut cpu_ns) = (Vec::new(), Vec::new());
    // The first copies pay for memory that the machine has not touched yet.
    for _ in 0..2 {
        ground.dd(&["bs=128k"]);
    }
    for _ in 0..extent.rounds {
        let dd = ground.dd(&["bs=128k"]);
        let took = produce_from(ground, &ground.input(), "1");
        ratios.push(took.wall.as_secs_f64() / dd.wall.as_secs_f64());
        cpu_ns.push(took.cpu.as_secs_f64() * 1e9 / ground.lines as f64);
    }
    let name = "produce, acks=1: time / `dd bs=128k`";
    tell(Figure::new(name, Spread::of(ratios), 2.2, " ×"));
    let name = "produce, acks=1: processor time a message";
    tell(Figure::new(name, Spread::of(cpu_ns), 180.0, " ns"));
}

fn produce_durably(ground: &Ground, extent: Extent, tell: &mut dyn FnMut(Figure)) {
    let (mut dds, mut ours) = (Vec::new(), Vec::new());
    for _ in 0..extent.rounds {
        dds.push(ground.dd(&["bs=1M", "conv=fdatasync"]).wall.as_secs_f64());
        ours.push(produce_from(ground, &ground.input(), "all").wall.as_secs_f64());
    }
    // How fast a disk syncs varies: its slower quartile is the measure.
    let slow = Spread::of(dds).upper_quartile();
    let ratios = Spread::of(ours.into_iter().map(|time| time / slow));
    let name = "produce, acks=all: time / `dd bs=1M conv=fdatasync`";
    tell(Figure::new(name, ratios, 1.5, " ×"));
}

/// Reads the store that the last produce has left.
fn consume(ground: &Ground, extent: Extent, tell: &mut dyn FnMut(Figure)) {
    let mut ratios = Vec::new();
    for _ in 0..extent.rounds {
        let dd = ground.dd(&["bs=128k"]);
        let took = time(&mut consumer_to_file(ground));
        let bytes = fs::metadata(ground.output()).unwrap().len();
        assert_eq!(bytes, ground.input_bytes, "every line came back");
        ground.remove_output();
        ratios.push(took.wall.as_secs_f64() / dd.wall.as_secs_f64());
    }
    let name = "consume from the beginning: time / `dd bs=128k`";
    tell(Figure::new(name, Spread::of(ratios), 1.8, " ×"));
}

fn consumer_to_file(ground: &Ground) -> std::process::Command {
    ground.remove_output();
    let mut command = ground.consumer("--topic /s:t --from beginning --until end");
    command.stdout(File::create(ground.output()).unwrap());
    command
}

fn memory(ground: &Ground, tell: &mut dyn FnMut(Figure)) {
    let mut peaks = Vec::new();
    for input in [ground.tenth(), ground.input()] {
        for acks in ["1", "all"] {
            ground.fresh_store();
            let line = format!("--topic /s:t --request-required-acks {acks}");
            let mut command = ground.producer(&line);
            let peak = peak_bytes(command.stdin(File::open(&input).unwrap()));
            peaks.push((format!("produce, acks={acks}"), peak as f64 / MIB));
        }
        let peak = peak_bytes(&mut consumer_to_file(ground));
        peaks.push(("consume".to_owned(), peak as f64 / MIB));
    }
    let (few, many) = peaks.split_at(peaks.len() / 2);
    for ((name, few), (_, many)) in few.iter().zip(many) {
        let title = format!("{name}: peak memory");
        tell(Figure::new(title, Spread::of([*many]), 64.0, " MiB"));
        let title = format!("{name}: peak memory, all lines less a tenth of them");
        tell(Figure::new(title, Spread::of([many - few]), SAME_MIB, " MiB"));
    }
}

/// How far acknowledgements are behind what is written.
fn behind(ground: &Ground) -> Figure {
    ground.fresh_store();
    let mut command = ground.producer("--topic /s:t --request-required-acks all --report-acks");
    let input = File::open(ground.input()).unwrap();
    let mut child = command.stdin(input).stdout(Stdio::piped()).spawn().unwrap();
    let mut report = BufReader::with_capacity(1 << 20, child.stdout.take().unwrap());
    let topics = ground.store().join("s/topics");
    // What is written, and how many lines were told of before.
    let mut seen: Vec<(f64, usize)> = Vec::new();
    let mut acknowledged = 0;
    loop {
        let told = report.fill_buf().unwrap();
        if told.is_empty() {
            break;
        }
        let lines = told.iter().filter(|byte| **byte == b'\n').count();
        let length = told.len();
        report.consume(length);
        acknowledged += lines;
        seen.push((segment_bytes(&topics), acknowledged));
    }
    assert_eq!(acknowledged as u64, ground.lines);
    let line_bytes = segment_bytes(&topics) / acknowledged as f64;
    let behind = seen.iter().map(|(written, lines)| written - *lines as f64 * line_bytes);
    let most = behind.fold(0.0, f64::max);
    finish(child);
    let name = "produce, acks=all: acknowledged bytes behind written ones";
    Figure::new(name, Spread::of([most / MIB]), 34.0, " MiB")
}

fn segment_bytes(topics: &Path) -> f64 {
    let entries = |path: &Path| fs::read_dir(path).into_iter().flatten().flatten();
    entries(topics)
        .flat_map(|topic| entries(&topic.path()))
        .flat_map(|partition| entries(&partition.path()))
        .filter(|file| file.path().extension().is_some_and(|extension| extension == "log"))
        .map(|file| file.metadata().map_or(0, |data| data.len()) as f64)
        .sum()
}
