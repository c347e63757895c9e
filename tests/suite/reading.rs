//! Which topics are read, from where, and in which order, through the programs.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::world::{Ran, World, random, run_command, skip};

/// 2023-11-14T22:13:20Z.
const NOW: i64 = 1_700_000_000_000;

/// A world with the stream `/s`, whose records never expire, and these topics.
fn world(topics: &[(&str, u32)]) -> World {
    let world = World::new();
    drop(world.run("streamctl", ["stream", "create", "-path", "/s", "-ttl", "0"], "").ok());
    for (name, partitions) in topics {
        create(&world, name, *partitions);
    }
    world
}

fn create(world: &World, name: &str, partitions: u32) {
    let topic = format!("/s:{name}");
    let partitions = partitions.to_string();
    let words = ["topic", "create", &topic, "-partitions", &partitions];
    drop(world.run("streamctl", words, "").ok());
}

fn command(world: &World, program: &str, line: &str, now: i64) -> Command {
    let words: Vec<String> = line.split_whitespace().map(|word| word.replace('~', " ")).collect();
    let mut command = world.command(program, words);
    command.env("STREAMPATH_NOW", format!("@{now}"));
    command
}

/// Produces lines at a time.
fn produce(world: &World, topic: &str, input: &str, now: i64) {
    let line = format!(
        "--topic /s:{topic} --request-required-acks 1 --property parse.key=true --property \
         key.separator=:"
    );
    drop(run_command(command(world, "console-producer", &line, now), input).ok());
}

#[track_caller]
fn consume(world: &World, line: &str) -> Ran {
    run_command(command(world, "console-consumer", line, NOW), "")
}

#[track_caller]
fn read(world: &World, line: &str) -> String {
    consume(world, line).ok().stdout()
}

/// A number of lines at random times, some of them equal, in three partitions of two topics; each
/// says when it was written.
fn scattered(is_sorted: bool) -> (World, Vec<i64>) {
    let world = world(&[("a", 3), ("b", 2)]);
    let mut random = random();
    let mut times: Vec<i64> = (0..24).map(|_| NOW - random.i64(1..12) * 1000).collect();
    if is_sorted {
        times.sort_unstable();
    }
    for time in &times {
        let topic = ["a", "b"][random.usize(0..2)];
        let keys: String = (0..random.u32(1..4)).map(|key| format!("{key}:{time}\n")).collect();
        produce(&world, topic, &keys, *time);
    }
    (world, times)
}

const COLUMNS: &str = "--property print.timestamp=true --property print.partition=true --property \
                       print.offset=true";

/// The order that everything is in: by time, topic, partition, offset. A topic is not printed, so
/// the lines of each are read apart.
fn sorted(world: &World) -> Vec<String> {
    let mut all = Vec::new();
    for topic in ["a", "b"] {
        let told =
            read(world, &format!("--topic /s:{topic} --from beginning --until end {COLUMNS}"));
        for line in told.lines() {
            let columns: Vec<&str> = line.split('\t').collect();
            let number =
                |index: usize| columns[index].rsplit(':').next().unwrap().parse::<i64>().unwrap();
            all.push((number(0), topic, number(1), number(2), line.to_owned()));
        }
    }
    all.sort();
    all.into_iter().map(|(.., line)| line).collect()
}

#[test]
fn partitions_and_topics_are_merged_by_time() {
    let (world, _) = scattered(true);
    let line = format!("--include /s:[ab] --from beginning --until end --order time {COLUMNS}");
    let told = read(&world, &line);
    assert_eq!(told.lines().collect::<Vec<_>>(), sorted(&world));
    let turns = read(&world, "--include /s:[ab] --from beginning --until end --order partition");
    assert_eq!(turns.lines().count(), told.lines().count());
    let refused = consume(&world, "--topic /s:a --order size").fails(2);
    assert!(refused.stderr().contains("partition, time"), "{}", refused.stderr());
}

#[test]
fn a_group_that_is_merged_misses_and_repeats_nothing() {
    let world = world(&[("t", 3)]);
    let mut expected = String::new();
    for number in 0..20 {
        produce(&world, "t", &format!("{number}:{number}\n"), NOW - 30_000 + number * 1000);
        expected.push_str(&format!("{number}\n"));
    }
    let mut told = String::new();
    for count in [1, 7, 4, 8] {
        let line =
            format!("--topic /s:t --group g --from-beginning --order time --max-messages {count}");
        told.push_str(&read(&world, &line));
    }
    assert_eq!(told, expected);
}

#[test]
fn the_last_ones_of_all_partitions_are_printed_in_the_order_of_time() {
    let (world, _) = scattered(false);
    let all = sorted(&world);
    for count in [0, 1, 7, all.len(), all.len() + 5] {
        let line = format!("--topic /s:^[ab]$ --last {count} --until end {COLUMNS}");
        let told = read(&world, &line);
        let expected = &all[all.len().saturating_sub(count)..];
        assert_eq!(told.lines().collect::<Vec<_>>(), expected, "{count}");
    }
    let bounded = format!("--include /s:.* --last 4 --until @{} {COLUMNS}", NOW - 100_000);
    assert_eq!(read(&world, &bounded), "");
}

#[test]
fn after_the_last_ones_comes_what_is_written() {
    let world = world(&[("a", 2)]);
    produce(&world, "a", "0:one\n1:two\n", NOW - 5000);
    produce(&world, "a", "0:three\n", NOW - 4000);
    let consumer = world.start("console-consumer", ["--topic", "/s:a", "--last", "1"]);
    consumer.wait_for_line(|line| line == "three");
    produce(&world, "a", "1:four\n", NOW);
    consumer.wait_for_line(|line| line == "four");
    assert_eq!(consumer.stdout_so_far(), "three\nfour\n");
    drop(consumer.kill());
    for (line, other) in [
        ("--topic /s:a --last 1 --from 3", "from"),
        ("--topic /s:a --last 1 --from-beginning", "from-beginning"),
        ("--topic /s:a --last 1 --partition 0 --offset 1", "offset"),
    ] {
        let told = consume(&world, line).fails(2).stderr();
        let text = format!("Options last and {other} cannot be specified together.");
        assert!(told.contains(&text), "{told}");
    }
    let told = consume(&world, "--topic /s:a --last 1 --group g").fails(2).stderr();
    assert!(told.contains("Options group and last cannot be specified together."), "{told}");
}

#[test]
fn topics_are_included_in_every_spelling() {
    let world = world(&[("sens1", 1), ("sens2", 1), ("other", 1)]);
    for topic in ["sens1", "sens2", "other"] {
        produce(&world, topic, &format!("k:{topic}\n"), NOW - 1000);
    }
    let both = "sens1\nsens2\n";
    let all = "other\nsens1\nsens2\n";
    for (option, expected) in [
        ("--topic /s:^sens.*", both),
        ("/s:^sens.*", both),
        ("--topic=/s:^sens[0-9]{1,2}", both),
        ("--include /s:sens.*", both),
        ("--include /s:^sens.*", both),
        ("--whitelist /s:sens.*", both),
        ("-include /s:sens1,~sens2", both),
        ("--include /s:\"sens.*\"", both),
        ("--include /s:ens.*,sens1", "sens1\n"),
        ("--include /s:.*", all),
    ] {
        let told = read(&world, &format!("{option} --from beginning --until end --order time"));
        assert_eq!(told, expected, "{option}");
    }
    let plain = |pairs: &[(&str, &str)], line: &str| {
        let mut command = command(&world, "console-consumer", line, NOW);
        command.envs(pairs.iter().copied());
        run_command(command, "")
    };
    let line = "--bootstrap-server far.example:9092 --include sens.* --from-beginning \
                --max-messages 2 --order time";
    let default = [("STREAMPATH_DEFAULT_STREAM", "/s")];
    assert_eq!(plain(&default, line).ok().stdout(), both);
    let far = plain(&[], line).fails(1).stderr();
    assert!(far.contains("far.example:9092"), "{far}");
}

#[test]
fn section_5_several_topics_exclude_what_is_for_one() {
    let world = world(&[("test", 1)]);
    let exactly = "Exactly one of the following arguments is required: [topic], [include]";
    let required = "The topic is required when partition is specified.";
    for (row, line, text) in [
        ("5.5", "--include test.* --partition 0", required),
        ("5.5", "--whitelist test.* --partition 0", required),
        ("5.5", "--topic /s:^test.* --partition 0", required),
        ("4.23", "--from-beginning", exactly),
        ("5.27", "--topic test --include includeTest*", exactly),
        ("5.27", "--topic test --whitelist includeTest*", exactly),
        ("5.25", "--include test --offset 10", "The partition is required when offset is"),
        ("", "--include /s:[foo.*", "[foo.* is an invalid regex."),
        ("", "--topic /s:^[foo.*", "^[foo.* is an invalid regex."),
        ("", "--include /s", "`/s` names a stream and no topics"),
        ("", "--include /s:t.* --group g --last 3", "Options group and last cannot"),
    ] {
        let told = consume(&world, line).fails(2).stderr();
        assert!(told.contains(text), "{row} {line}: {told}");
    }
    let none = consume(&world, "--include /s:no.* --from beginning --until end").fails(3).stderr();
    assert!(none.contains("no topic of stream `/s` matches `no.*`"), "{none}");
    assert!(none.contains("hint: streamctl stream topic list -path /s"), "{none}");
    let none = consume(&world, "--include /t:.*").fails(3).stderr();
    assert!(none.contains("stream `/t` does not exist"), "{none}");
}

#[test]
fn topics_come_and_go_while_they_are_followed() {
    for order in ["partition", "time"] {
        let world = world(&[("sens1", 2)]);
        let words = ["--topic", "/s:^sens.*", "--from-beginning", "--order", order];
        let consumer = world.start("console-consumer", words);
        produce(&world, "sens1", "k:one\n", NOW);
        consumer.wait_for_line(|line| line == "one");
        create(&world, "other", 1);
        create(&world, "sens2", 1);
        produce(&world, "other", "k:unseen\n", NOW);
        produce(&world, "sens2", "k:two\n", NOW);
        consumer.wait_for_line(|line| line == "two");
        drop(world.run("streamctl", ["topic", "delete", "/s:sens1"], "").ok());
        consumer.wait_for_message(|line| line.contains("topic `sens1` was deleted"));
        produce(&world, "sens2", "k:three\n", NOW);
        consumer.wait_for_line(|line| line == "three");
        create(&world, "sens1", 1);
        produce(&world, "sens1", "k:four\n", NOW);
        consumer.wait_for_line(|line| line == "four");
        consumer.signal(rustix::process::Signal::INT);
        let ran = consumer.wait().ends(130);
        assert_eq!(ran.stdout(), "one\ntwo\nthree\nfour\n");
        let told = ran.stderr();
        assert_eq!(told.matches("was deleted").count(), 1, "{told}");
    }
}

#[test]
fn the_first_topic_is_waited_for() {
    let world = World::new();
    let consumer = world.start("console-consumer", ["--include", "sens.*"]);
    consumer.wait_for_message(|line| line.contains("no topic of stream `/kafka` matches `sens.*`"));
    drop(world.run("console-producer", ["--topic", "sens9"], "first\n").ok());
    consumer.wait_for_line(|line| line == "first");
    drop(consumer.kill());
}

#[test]
fn what_cannot_be_opened_is_refused_by_name_and_told_among_others() {
    let world = world(&[("a", 1), ("b", 1)]);
    produce(&world, "a", "k:seen\n", NOW);
    produce(&world, "b", "k:unseen\n", NOW);
    // Where a partition should be is something else: nobody can read it, whoever runs the test.
    let topics = world.store().join("s/topics");
    let entries = fs::read_dir(&topics).unwrap().map(|entry| entry.unwrap().path());
    let is_b = |path: &Path| path.file_name().unwrap().to_string_lossy().starts_with("b~");
    let b = entries.into_iter().find(|path| is_b(path)).unwrap();
    fs::rename(b.join("0"), b.join("away")).unwrap();
    fs::write(b.join("0"), "").unwrap();
    let named = consume(&world, "--topic /s:b --from beginning --until end");
    assert_ne!(named.code(), Some(0), "{}", named.stderr());
    let ran = consume(&world, "--include /s:. --from beginning --until end").ends(0);
    assert_eq!(ran.stdout(), "seen\n");
    let told = ran.stderr();
    assert_eq!(told.matches("topic `b` is not read: ").count(), 1, "{told}");
}

#[test]
fn times_are_of_the_zone_that_is_named() {
    let world = world(&[("t", 1)]);
    // 2023-11-14T10:30Z and 2023-11-13T23:30Z, which is the 14th east of Greenwich.
    produce(&world, "t", "k:night\n", 1_699_918_200_000);
    produce(&world, "t", "k:day\n", 1_699_957_800_000);
    for (line, expected) in [
        ("--from @today --tz UTC", "day\n"),
        ("--from @today", "day\n"),
        ("--from @yesterday~23:00 --tz Z", "night\nday\n"),
        ("--from @2023-11-14 --tz +01:00", "night\nday\n"),
        ("--from @2023-11-14 --tz=-01:00", "day\n"),
        ("--from @2023-11-14T00:31 --tz +01", "day\n"),
        ("--from @2023-11-13T23:30:00Z --tz +05:00", "night\nday\n"),
        ("--from beginning --until @2023-11-14~00:31 --tz +0100", "night\n"),
        ("--last 1 --until @2023-11-14~00:31 --tz +01:00", "night\n"),
    ] {
        let until = if line.contains("--until") { "" } else { "--until end" };
        assert_eq!(read(&world, &format!("--topic /s:t {line} {until}")), expected, "{line}");
    }
    let told = consume(&world, "--topic /s:t --from @today --tz Mars/Olympus").fails(2).stderr();
    assert!(told.contains("`Mars/Olympus` is not a time zone"), "{told}");
    if !Path::new("/usr/share/zoneinfo/Europe/Paris").exists() {
        return skip("this machine has no names of time zones");
    }
    let paris = "--topic /s:t --until end --from @2023-11-14 --tz Europe/Paris";
    assert_eq!(read(&world, paris), "night\nday\n");
    let mut local = command(&world, "console-consumer", "--topic /s:t --until end", NOW);
    local.args(["--from", "@2023-11-14"]).env("TZ", "Europe/Paris");
    assert_eq!(run_command(local, "").ok().stdout(), "night\nday\n");
}
