//! What a reader is told and may ask for besides records: filters, expectations, counts, why it is
//! silent, how far it is, and at what pace records come.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::pty::Terminal;
use crate::world::{Ran, Running, World, eventually, program_path, run_command};

/// A world with the topic `/s:t`, whose records never expire.
fn world(partitions: u32) -> World {
    let world = World::new();
    drop(world.run("streamctl", ["stream", "create", "-path", "/s", "-ttl", "0"], "").ok());
    let partitions = partitions.to_string();
    drop(world.run("streamctl", ["topic", "create", "/s:t", "-partitions", &partitions], "").ok());
    world
}

#[track_caller]
fn produce(world: &World, input: impl AsRef<[u8]>) {
    drop(world.run("console-producer", ["--topic", "/s:t"], input).ok());
}

/// Writes a record as if it were this time.
#[track_caller]
fn produce_at(world: &World, time: &str, value: &str) {
    let mut command = world.command("console-producer", ["--topic", "/s:t"]);
    command.env("STREAMPATH_NOW", time);
    drop(run_command(command, value).ok());
}

fn consume<'a>(world: &World, options: impl IntoIterator<Item = &'a str>) -> Ran {
    let topic = ["--topic", "/s:t"];
    world.run("console-consumer", topic.into_iter().chain(options), "")
}

/// Reads what is there with these options.
#[track_caller]
fn read<'a>(world: &World, options: impl IntoIterator<Item = &'a str>) -> String {
    let all = ["--from", "beginning", "--until", "end", "--quiet"];
    consume(world, all.into_iter().chain(options)).ok().stdout()
}

/// The last line on standard error.
fn last_told(ran: &Ran) -> String {
    ran.stderr().lines().last().unwrap_or_default().to_owned()
}

fn shell(world: &World, script: &str) -> Command {
    let mut command = world.command("/bin/sh", ["-c", script]);
    let programs = program_path("streamctl");
    let folder = programs.parent().unwrap();
    command.env("PATH", format!("{}:/usr/bin:/bin", folder.display()));
    command
}

#[test]
fn patterns_keep_the_values_that_match_all_of_them() {
    let world = world(1);
    produce(&world, b"one\ntwo\nthree \xff\xfe\nTWO\n\n");
    assert_eq!(read(&world, ["--grep", "o"]), "one\ntwo\n");
    assert_eq!(read(&world, ["--grep", "o", "--grep", "^t"]), "two\n");
    assert_eq!(read(&world, ["--grep", "(?i)two"]), "two\nTWO\n");
    assert_eq!(read(&world, ["--grep", "^$"]), "\n");
    assert_eq!(read(&world, ["--grep", "(?-u:\\xff)", "--count"]), "1\n");
    assert_eq!(read(&world, ["--grep", "-"]), "");
    assert_eq!(read(&world, ["--grep", "^[tT]", "-v"]), "one\n\n");
    assert_eq!(read(&world, ["--grep", "o", "-c", "-v"]), "3\n");
    assert_eq!(read(&world, ["-c"]), "5\n");
    for (options, told) in [
        (
            ["--grep", "("].as_slice(),
            "option --grep: `(` is not a regular expression: unclosed group",
        ),
        (&["-v"], "option --invert-match needs something to invert"),
        (&["--select", "nonsense"], "there is no filter `nonsense`"),
    ] {
        let ran = consume(&world, options.iter().copied()).fails(2);
        assert!(ran.stderr().contains(told), "{}", ran.stderr());
    }
}

#[test]
fn keys_and_headers_are_matched_where_there_are_any() {
    let world = world(1);
    let properties = ["parse.key=true", "parse.headers=true", "null.marker=NIL"];
    let mut line = vec!["--topic", "/s:t"];
    line.extend(properties.iter().flat_map(|property| ["--property", *property]));
    let input = "h1:v1,h2:v2\tk1\tone\nh1:v2\tNIL\ttwo\nNIL\tk2\tNIL\n";
    drop(world.run("console-producer", line, input).ok());
    assert_eq!(read(&world, ["--grep-key", "^k"]), "one\nnull\n");
    assert_eq!(read(&world, ["--grep-key", ".*", "-v"]), "two\n", "a null key matches nothing");
    assert_eq!(read(&world, ["--grep", ""]), "one\ntwo\n", "nor does a null value");
    assert_eq!(read(&world, ["--grep-header", "^h1:v"]), "one\ntwo\n");
    assert_eq!(read(&world, ["--grep-header", "^h1:v1$", "--grep-header", "^h2:"]), "one\n");
    assert_eq!(read(&world, ["--grep-header", "h1:v2", "--grep-key", "k"]), "");
    assert_eq!(read(&world, ["--select", "true"]), "", "null is not JSON");
}

#[test]
fn an_expression_selects_among_json_and_what_it_could_not_judge_is_counted() {
    let world = world(1);
    let input = concat!(
        r#"{"truck":17,"speed":81,"a":{"b":true},"c":"xyz"}"#,
        "\n",
        r#"{"truck":18,"speed":12.5,"a":{"b":true},"c":"abc"}"#,
        "\nnot json\n[1]\n",
    );
    produce(&world, input);
    let line = |number: usize| format!("{}\n", input.lines().nth(number).unwrap());
    assert_eq!(read(&world, ["--select", ".truck? == 17"]), line(0));
    assert_eq!(read(&world, ["--select", ".speed? < 80 and .speed?"]), line(1));
    assert_eq!(read(&world, ["--select", ".a?.b and (.c | test(\"x\"))"]), line(0));
    assert_eq!(read(&world, ["--select", "length == 1", "--grep", "1"]), line(3));
    let ran =
        consume(&world, ["--from-beginning", "--timeout-ms", "50", "--select", ".truck == 17"]);
    let ran = ran.ends(0);
    assert_eq!(
        ran.stderr(),
        "Processed a total of 1 messages\nconsole-consumer: read 4 records: 1 printed, 3 filtered \
         out (1 not JSON, 1 failed in --select); stopped: no record came for as long as \
         --timeout-ms says\n"
    );
    let deep = "[".repeat(3_000_000);
    produce(&world, &deep);
    assert_eq!(read(&world, ["--select", ".truck? == 17"]), line(0), "no stack is deep enough");
}

#[test]
fn max_messages_counts_what_is_printed_and_a_group_passes_what_is_not() {
    let world = world(1);
    let numbers: String = (0..1000).map(|number| format!("{number}\n")).collect();
    produce(&world, numbers);
    let first = ["--group", "g", "--from-beginning", "--grep", "5$", "--max-messages", "3"];
    let ran = consume(&world, first).ends(0);
    assert_eq!(ran.stdout(), "5\n15\n25\n");
    assert!(ran.stderr().ends_with("3 printed, 23 filtered out; stopped: no more were wanted\n"));
    let ran = consume(&world, ["--group", "g", "--max-messages", "1"]).ok();
    assert_eq!(ran.stdout(), "26\n");
    let nothing = ["--group", "g", "--grep", "none of them", "--timeout-ms", "50", "--quiet"];
    assert_eq!(consume(&world, nothing).ok().stderr(), "");
    let ran = consume(&world, ["--group", "g", "--timeout-ms", "50"]).ok();
    assert_eq!(ran.stdout(), "", "what was left out is committed");
}

#[test]
fn an_expectation_that_is_not_met_is_status_6() {
    let world = world(1);
    produce(&world, "one\ntwo\nthree\n");
    let from = ["--from-beginning", "--expect"];
    let with =
        |options: &[&'static str]| consume(&world, from.into_iter().chain(options.iter().copied()));
    let ran = with(&["2"]).ends(0);
    assert_eq!(ran.stdout(), "one\ntwo\n", "it ends as soon as they came");
    assert!(last_told(&ran).ends_with("stopped: all that were expected came"));
    assert_eq!(with(&["3", "--within", "1m"]).ends(0).stdout(), "one\ntwo\nthree\n");
    let ran = with(&["5", "--within", "100ms"]).ends(6);
    assert_eq!(ran.stdout(), "one\ntwo\nthree\n");
    let told = "console-consumer: 3 of 5 expected records came within 100ms";
    assert_eq!(last_told(&ran), told);
    let ran = with(&["5", "--timeout-ms", "50"]).ends(6);
    assert_eq!(last_told(&ran), "console-consumer: 3 of 5 expected records came");
    let ran = with(&["2", "--grep", "e$", "--within", "1m"]).ends(0);
    assert_eq!(ran.stdout(), "one\nthree\n", "what is printed counts");
    drop(with(&["0", "--grep", "four", "--within", "50ms"]).ends(0));
    let ran = with(&["0", "--within", "1m"]).ends(6);
    assert_eq!(last_told(&ran), "console-consumer: a record came, and none was expected");
    let until = ["--from", "beginning", "--until", "end", "--expect", "4", "--quiet"];
    let ran = consume(&world, until).ends(6);
    assert_eq!(ran.stderr(), "console-consumer: 3 of 4 expected records came\n");
    for options in [
        ["--expect", "0"].as_slice(),
        &["--expect", "3", "--max-messages", "2"],
        &["--within", "5s"],
        &["--expect", "3", "--within", "5"],
        &["--quiet", "--summary"],
    ] {
        drop(consume(&world, options.iter().copied()).fails(2));
    }
}

#[test]
fn the_second_line_is_there_when_asked_for_or_needed_and_quiet_silences_both() {
    let world = world(1);
    produce(&world, "one\ntwo\n");
    let bounded = ["--from", "beginning", "--until", "end"];
    let with = |options: &[&'static str]| {
        consume(&world, bounded.into_iter().chain(options.iter().copied())).ends(0).stderr()
    };
    assert_eq!(with(&[]), "Processed a total of 2 messages\n");
    assert_eq!(with(&["--quiet"]), "");
    assert_eq!(
        with(&["--summary"]),
        "Processed a total of 2 messages\nconsole-consumer: read 2 records: 2 printed; stopped: \
         the end was reached\n"
    );
    let consumer = world.start("console-consumer", ["--topic", "/s:t", "--summary"]);
    eventually("the consumer reads", || {
        produce(&world, "more\n");
        !consumer.stdout_so_far().is_empty()
    });
    consumer.signal(Signal::INT);
    assert!(last_told(&consumer.wait().ends(130)).ends_with("stopped: SIGINT"));
}

#[test]
fn damage_is_skipped_or_ends_the_reading_as_asked() {
    let world = world(1);
    produce(&world, "one\ntwo\n");
    produce(&world, "three\n");
    let find = "find \"$STREAMPATH_HOME\"/s/topics -name '*.log'";
    let found = run_command(shell(&world, find), "").ok().stdout();
    let path = found.trim_end();
    let mut bytes = fs::read(path).unwrap();
    bytes[70] ^= 1;
    fs::write(path, bytes).unwrap();
    let bounded = ["--from", "beginning", "--until", "end", "--on-error"];
    let ran = consume(&world, bounded.into_iter().chain(["skip"])).ends(7);
    assert_eq!(ran.stdout(), "three\n");
    let told = "read 1 record: 1 printed; 2 damaged and skipped; stopped: the end was reached";
    assert_eq!(last_told(&ran), format!("console-consumer: {told}"));
    let ran = consume(&world, bounded.into_iter().chain(["stop"])).ends(7);
    assert_eq!(ran.stdout(), "");
    assert!(ran.stderr().contains("nothing behind it was read"), "{}", ran.stderr());
    let group = ["--group", "g", "--from-beginning", "--timeout-ms", "50"];
    drop(consume(&world, group).ends(7));
    let ran = consume(&world, group.into_iter().chain(["--on-error", "skip"])).ends(7);
    assert_eq!(ran.stdout(), "three\n");
    drop(consume(&world, ["--on-error", "stop", "--skip-corrupt"]).fails(2));
}

#[test]
fn explain_says_what_is_there_and_what_is_in_the_way() {
    let world = world(2);
    let explain = |options: &[&str]| {
        let ran = consume(&world, ["--explain"].into_iter().chain(options.iter().copied()));
        ran.ok().stdout().trim_end().to_owned()
    };
    let all = "; try: console-consumer --topic /s:t --from-beginning";
    let empty = "topic is empty; try: echo hello | console-producer --topic /s:t";
    assert_eq!(explain(&[]), empty);
    produce(&world, "one\ntwo\nthree\n");
    let latest = "3 records, all before your start at latest; add --from-beginning";
    assert_eq!(explain(&[]), format!("{latest}{all}"));
    assert_eq!(explain(&["--from-beginning"]), "3 of 3 records are from your start on");
    let later = explain(&["--from", "@2999-01-01T00:00:00Z"]);
    assert_eq!(later, format!("3 records, all before your start{all}"));
    let since = explain(&["--from", "1h"]);
    assert_eq!(since, "at most 3 of 3 records are from your start on");
    let wait = explain(&["--partition", "0", "--offset", "42"]);
    assert!(wait.starts_with("waiting for offset 42, the end is "), "{wait}");
    drop(consume(&world, ["--group", "g", "--from-beginning", "--timeout-ms", "50"]).ok());
    let group = explain(&["--group", "g", "--from-beginning"]);
    assert_eq!(group, format!("group g is at the end{all}"));
    let other = explain(&["--group", "other", "--from-beginning"]);
    assert_eq!(other, "3 of 3 records are from your start on");
    let filtered = explain(&["--from-beginning", "--grep", "x"]);
    assert!(filtered.ends_with("; the filters may leave them out"), "{filtered}");
    drop(world.run("streamctl", ["stream", "edit", "-path", "/s", "-ttl", "3600"], "").ok());
    let mut old = world.command("console-consumer", ["--topic", "/s:t", "--explain"]);
    old.env("STREAMPATH_NOW", "2999-01-01T00:00:00Z");
    let old = run_command(old, "").ok().stdout();
    assert_eq!(old, "all 3 records have expired; try: streamctl stream edit -path /s -ttl 0\n");
    let ran = world.run("console-consumer", ["--topic", "/s:none", "--explain"], "").ok();
    assert!(ran.stdout().contains("`none`"), "{}", ran.stdout());
    let ran = world.run("console-consumer", ["--topic", "plain", "--explain"], "").ok();
    assert!(!world.store().join("kafka").exists(), "nothing is made: {}", ran.stdout());
    let deny = ["stream", "edit", "-path", "/s", "-consumeperm", "u:nobody"];
    assert_eq!(world.run("streamctl", deny, "").code(), Some(0));
    assert!(explain(&[]).contains("consumeperm"), "{}", explain(&[]));
}

#[test]
fn a_silence_on_a_terminal_is_explained_once() {
    for (options, reason) in [
        (vec![], "2 records, all before your start at latest; add --from-beginning; try: "),
        (vec!["--from-beginning", "--grep", "x"], "all 2 records read so far were filtered out"),
    ] {
        let world = world(1);
        produce(&world, "one\ntwo\n");
        let line = ["--topic", "/s:t"].into_iter().chain(options);
        let mut terminal = Terminal::start(&world.command("console-consumer", line));
        terminal.wait_for(&format!("console-consumer: nothing printed yet: {reason}"));
        produce(&world, "a fox\n");
        terminal.wait_for("a fox\r\n");
        terminal.press("\u{3}");
        let rest = terminal.wait_for("Processed a total of 1 messages\r\n");
        assert!(!rest.contains("nothing printed yet"), "{rest}");
    }
}

#[test]
fn a_bounded_read_into_a_file_shows_how_far_it_is() {
    let world = world(1);
    let read = "console-consumer --topic /s:t --from-beginning --max-messages 1000000 > records";
    let mut reader = shell(&world, read);
    // A terminal without a name gets no bar.
    reader.env("TERM", "xterm");
    let mut terminal = Terminal::start(&reader);
    let write = "while :; do echo x; sleep 0.05; done | console-producer --topic /s:t";
    let _writer = Running::start(shell(&world, write));
    terminal.wait_for(" of 1,000,000 records");
}

#[test]
fn records_come_at_the_pace_asked_for() {
    let world = world(1);
    for (time, value) in [("10:00:00", "one"), ("12:00:00", "two"), ("12:00:01", "three")] {
        produce_at(&world, &format!("2026-01-01T{time}Z"), value);
    }
    let all = ["--from", "beginning", "--until", "end", "--quiet", "--pace"];
    let with = |options: &[&'static str]| {
        let began = Instant::now();
        let ran = consume(&world, all.into_iter().chain(options.iter().copied())).ok();
        assert_eq!(ran.stdout(), "one\ntwo\nthree\n");
        began.elapsed()
    };
    let hours = with(&["7200x"]);
    assert!(hours >= Duration::from_secs(1), "two hours 7200 times as fast: {hours:?}");
    assert!(with(&["20/s"]) >= Duration::from_millis(100));
    assert!(with(&["original", "--max-gap", "50ms"]) >= Duration::from_millis(100));
    assert!(with(&["original", "--max-gap", "0s"]) < Duration::from_secs(3600));
    for options in [["--max-gap", "1s"].as_slice(), &["--pace", "fast"], &["--pace", "2", "-c"]] {
        drop(consume(&world, options.iter().copied()).fails(2));
    }
}

#[test]
fn a_wait_ends_at_once_and_what_was_not_printed_is_not_committed() {
    let world = world(1);
    for (time, value) in [("10:00:00", "one"), ("10:00:00", "two"), ("12:00:00", "three")] {
        produce_at(&world, &format!("2026-01-01T{time}Z"), value);
    }
    let paced = ["--topic", "/s:t", "--group", "g", "--from-beginning", "--pace", "original"];
    let consumer = world.start("console-consumer", paced);
    consumer.wait_for_line(|line| line == "two");
    consumer.signal(Signal::INT);
    let ran = consumer.wait().ends(130);
    assert_eq!(ran.stdout(), "one\ntwo\n");
    assert!(ran.stderr().ends_with("Processed a total of 2 messages\n"), "{}", ran.stderr());
    let ran = consume(&world, ["--group", "g", "--timeout-ms", "50"]).ok();
    assert_eq!(ran.stdout(), "three\n");

    // With a whole batch of them, and a limit of time.
    produce(&world, "a\nb\nc\n");
    let late = ["--group", "h", "--from", "-3", "--pace", "1/h", "--expect", "2", "--within"];
    drop(consume(&world, late.into_iter().chain(["50ms"])).fails(2));
    let group = ["--group", "g", "--pace", "1/h", "--expect", "2", "--within", "300ms"];
    let ran = consume(&world, group).ends(6);
    assert_eq!(ran.stdout(), "a\n");
    let ran = consume(&world, ["--group", "g", "--timeout-ms", "50"]).ok();
    assert_eq!(ran.stdout(), "b\nc\n");

    let piped = "{ console-consumer --topic /s:t --from-beginning --pace 1/h; echo $? >&2; } | \
                 head -1";
    let ran = run_command(shell(&world, piped), "").ends(0);
    assert_eq!((ran.stdout().as_str(), last_told(&ran).as_str()), ("one\n", "0"));
}
