//! How long a line takes from a producer's input to a waiting consumer's output, and what waiting
//! costs.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::Extent;
use crate::ground::Ground;
use crate::members::cpu_ns;
use crate::spread::Spread;
use crate::table::Figure;

const RUNS: usize = 3;
const PAUSE: Duration = Duration::from_millis(5);
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) fn measure(ground: &Ground, extent: Extent, tell: &mut dyn FnMut(Figure)) {
    let runs = Spread::of((0..RUNS).map(|_| {
        let times = times_of_lines(ground, extent.timed_lines);
        times.at(0.99)
    }));
    let mut figure =
        Figure::new("a line to a waiting consumer, 99th percentile", runs.clone(), 1.0, " ms");
    figure.value = runs.least();
    tell(figure);
    let idle = Spread::of([idle_ms_a_minute(ground, Duration::from_secs(extent.idle_s))]);
    tell(Figure::new("processor time of an idle consumer a minute", idle, 5.0, " ms"));
}

/// A consumer that follows, and what it prints as it comes.
fn follow(ground: &Ground) -> (Child, Receiver<(String, Instant)>) {
    let mut consumer = ground.consumer("--topic /s:t").stdout(Stdio::piped()).spawn().unwrap();
    let output = consumer.stdout.take().unwrap();
    let (sender, lines) = channel();
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if sender.send((line, Instant::now())).is_err() {
                return;
            }
        }
    });
    (consumer, lines)
}

/// Milliseconds from feeding a line to reading it, for each line.
fn times_of_lines(ground: &Ground, count: u32) -> Spread {
    ground.fresh_store();
    let (mut consumer, lines) = follow(ground);
    let mut producer = ground.producer("--topic /s:t --request-required-acks 1");
    let mut producer = producer.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let mut input = producer.stdin.take().unwrap();
    // Until the consumer is there, lines go by.
    let began = Instant::now();
    loop {
        input.write_all(b"hello\n").unwrap();
        if lines.recv_timeout(Duration::from_millis(50)).is_ok() {
            break;
        }
        assert!(began.elapsed() < PATIENCE, "the consumer sees nothing");
    }
    while lines.recv_timeout(Duration::from_millis(100)).is_ok() {}
    let times = (0..count).map(|number| {
        thread::sleep(PAUSE);
        let sent = Instant::now();
        writeln!(input, "{number}").unwrap();
        let (line, came) = lines.recv_timeout(PATIENCE).expect("the line came");
        assert_eq!(line, number.to_string());
        (came - sent).as_secs_f64() * 1e3
    });
    let times = Spread::of(times);
    drop(input);
    assert!(producer.wait().unwrap().success());
    consumer.kill().unwrap();
    consumer.wait().unwrap();
    times
}

fn idle_ms_a_minute(ground: &Ground, idle: Duration) -> f64 {
    let (mut consumer, _lines) = follow(ground);
    thread::sleep(Duration::from_secs(1));
    let before = cpu_ns(consumer.id());
    thread::sleep(idle);
    let used = cpu_ns(consumer.id()) - before;
    consumer.kill().unwrap();
    consumer.wait().unwrap();
    used as f64 / 1e6 / idle.as_secs_f64() * 60.0
}
