//! `stream cursor set`: where a group reads on afterwards, and what is refused.

use std::process::Command;

use crate::world::{Ran, World, run_command};

/// 2023-11-14T22:13:20Z.
const NOW: i64 = 1_700_000_000_000;

fn at(mut command: Command, ms: i64) -> Command {
    command.env("STREAMPATH_NOW", format!("@{ms}"));
    command
}

#[track_caller]
fn ctl(world: &World, line: &str) -> Ran {
    run_command(at(world.command("streamctl", line.split_whitespace()), NOW), "")
}

/// `/s:t` with the messages 0 to 9, each a minute younger than the one before; the last one is a
/// minute old.
fn world(partitions: u32) -> World {
    let world = World::new();
    ctl(&world, "stream create /s -ttl 0").ok();
    ctl(&world, &format!("topic create /s:t -partitions {partitions}")).ok();
    for number in 0..10 {
        let producer = world.command("console-producer", ["--topic", "/s:t"]);
        run_command(at(producer, NOW - (10 - number) * 60_000), format!("{number}\n")).ok();
    }
    world
}

#[track_caller]
fn read(world: &World, group: &str) -> String {
    let line = format!("--topic /s:t --group {group} --until end");
    world.run("console-consumer", line.split_whitespace(), "").ok().stdout().replace('\n', " ")
}

#[track_caller]
fn set(world: &World, line: &str) -> Ran {
    ctl(world, &format!("stream cursor set -path /s -consumergroup g -topic t {line}"))
}

fn offsets(world: &World, group: &str) -> Vec<(i64, i64)> {
    let line = format!("cursor list /s -consumergroup {group} -format jsonl");
    let text = ctl(world, &line).ok().stdout();
    let rows = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let number = |row: &serde_json::Value, name: &str| row[name].as_i64().unwrap();
    rows.map(|row| (number(&row, "partitionid"), number(&row, "committedoffset"))).collect()
}

#[test]
fn a_consumer_of_the_group_reads_from_exactly_there() {
    let world = world(1);
    for (options, first) in [
        ("-to 3", 3),
        ("-to -2", 8),
        ("-to beginning", 0),
        ("-to end", 10),
        ("-by -4", 6),
        ("-by -0", 10),
        ("-to 5m", 5),
        ("-to @2023-11-14T22:06:19Z", 3),
        ("-to @2023-11-14T22:06:20Z", 3),
        ("-to @2023-11-14T22:06:21Z", 4),
        ("-to @2000-01-01T00:00:00Z", 0),
        ("-to @now", 10),
        ("--to=7 --partition=0", 7),
    ] {
        let ran = set(&world, &format!("{options} -format csv -noheader")).ok();
        assert!(ran.stdout().starts_with("g,t,0,"), "{options}: {}", ran.told());
        assert!(ran.stdout().ends_with(&format!(",{first}\n")), "{options}: {}", ran.told());
        let expected: String = (first..10).map(|number| format!("{number} ")).collect();
        assert_eq!(read(&world, "g"), expected, "{options}");
    }
    // The consumer committed the end; the first one by a sign.
    assert_eq!(set(&world, "-by +0 -format csv -noheader").ok().stdout(), "g,t,0,10,10\n");
}

#[test]
fn a_place_outside_the_log_becomes_the_nearest_one_and_that_is_said() {
    let world = world(1);
    let said = |options: &str| {
        let ran = set(&world, &format!("{options} -noheader")).ends(0);
        (ran.stderr(), offsets(&world, "g")[0].1)
    };
    let behind = |wanted: i64| {
        format!(
            "streamctl: {wanted} is behind the end of partition 0 of `/s:t`; the cursor goes to 10\n"
        )
    };
    let before = |wanted: i64| {
        format!(
            "streamctl: {wanted} is before the first offset of partition 0 of `/s:t`; the cursor \
             goes to 0\n"
        )
    };
    assert_eq!(said("-to 11"), (behind(11), 10));
    assert_eq!(said("-to -11"), (before(-1), 0));
    assert_eq!(said("-to 9223372036854775807"), (behind(i64::MAX), 10));
    assert_eq!(said("-by 9223372036854775807"), (behind(i64::MAX), 10));
    assert_eq!(said("-by -11"), (before(-1), 0));
    assert_eq!(said("-to 10"), (String::new(), 10));
    let plan = set(&world, "-to 99 --dry-run").ends(0);
    assert_eq!(plan.stderr(), behind(99));
}

#[test]
fn a_plan_is_what_is_then_carried_out() {
    let world = world(2);
    ctl(&world, "topic create /s:u").ok();
    let all = "stream cursor set /s -consumergroup g";
    let plan =
        ctl(&world, &format!("{all} -topic t -to beginning --dry-run -format csv -noheader"));
    let expected = "set cursor,/s:t,partition 0,,0\nset cursor,/s:t,partition 1,,0\n";
    assert_eq!(plan.ok().stdout(), expected);
    assert_eq!(offsets(&world, "g"), [], "nothing was set");
    set(&world, "-to beginning").ok();
    assert_eq!(offsets(&world, "g"), [(0, 0), (1, 0)]);

    // Which partition the messages are in is the producer's choice.
    let line = "topic info /s:t -columns maxoffset -noheader";
    let sizes = ctl(&world, line).ok().stdout();
    let sizes: Vec<i64> = sizes.lines().map(|line| line.parse::<i64>().unwrap() + 1).collect();
    assert_eq!(sizes.iter().sum::<i64>(), 10);
    // Without a topic: those in which the group has a cursor, and no others.
    let rows = ctl(&world, &format!("{all} -to end -format csv -noheader")).ok().stdout();
    assert_eq!(rows, format!("g,t,0,0,{}\ng,t,1,0,{}\n", sizes[0], sizes[1]));
    // Once more there is nothing to do.
    let plan = ctl(&world, &format!("{all} -to end --dry-run -format csv -noheader")).ok().stdout();
    assert_eq!(plan, "set cursor,/s,,,\n");
    let one = format!("{all} -topic t -partition 1 -to 0");
    ctl(&world, &one).ok();
    assert_eq!(offsets(&world, "g"), [(0, sizes[0]), (1, 0)]);
    // A partition without a cursor is not moved.
    ctl(&world, "topic edit /s:t -partitions 3").ends(0);
    let rows = ctl(&world, &format!("{all} -topic t -by 0 -format csv -noheader")).ok().stdout();
    assert_eq!(rows.lines().count(), 2, "{rows}");
    set(&world, "-to end").ok();
    assert_eq!(offsets(&world, "g").len(), 3);
}

#[test]
fn what_was_set_is_printed_in_every_format() {
    let world = world(1);
    let printed = |options: &str| {
        set(&world, "-to 2").ok();
        set(&world, &format!("-to 3 {options}")).ok().stdout()
    };
    let text = printed("");
    let mut lines: Vec<Vec<&str>> =
        text.lines().map(|line| line.split_whitespace().collect()).collect();
    let mut pairs: Vec<(&str, &str)> = lines.remove(0).into_iter().zip(lines.remove(0)).collect();
    pairs.sort_unstable();
    let expected = [
        ("committedoffset", "3"),
        ("consumergroup", "g"),
        ("partitionid", "0"),
        ("previousoffset", "2"),
        ("topic", "t"),
    ];
    assert_eq!((pairs.as_slice(), lines.len()), (&expected[..], 0), "{text}");
    let table = "group  topic  partition  was at  reads on at\n\
                 g      t              0       2            3\n";
    assert_eq!(printed("-format table"), table);
    let row = "{\"consumergroup\":\"g\",\"topic\":\"t\",\"partitionid\":0,\
               \"previousoffset\":2,\"committedoffset\":3}\n";
    assert_eq!(printed("-format jsonl"), row);
    let json = printed("-json");
    let data = "\t\t{\n\t\t\t\"consumergroup\":\"g\",\n\t\t\t\"topic\":\"t\",\n\
                \t\t\t\"partitionid\":0,\n\t\t\t\"previousoffset\":2,\n\
                \t\t\t\"committedoffset\":3\n\t\t}\n";
    assert!(json.contains("\"status\":\"OK\"") && json.contains(data), "{json}");
    let plan = set(&world, "-to 4 --dry-run -json").ok().stdout();
    assert!(plan.contains("\"attribute\":\"partition 0\",\n\t\t\t\"before\":\"3\""), "{plan}");
    assert_eq!(offsets(&world, "g"), [(0, 3)]);
}

#[test]
fn what_is_unclear_shows_the_usage_as_mapr_does() {
    let world = world(1);
    let usage = [
        "stream cursor set",
        "\t -path <STREAM> ",
        "\t -consumergroup <GROUP> ",
        "\t[ -topic <TOPIC> ]",
        "\t[ -partition <PARTITION> ]",
        "\t[ -to <PLACE> ]",
        "\t[ -by <N> ]",
        "\t[ --dry-run ]",
    ];
    for (line, message) in [
        ("-consumergroup g -to 3", "streamctl: no stream is named"),
        ("-path /s -to 3", "streamctl: no group is named"),
        ("-path /s -consumergroup g", "streamctl: it is not said where to"),
        ("/s -consumergroup g -to 3 -by 3", "streamctl: -to says one place and -by another"),
    ] {
        let stderr = ctl(&world, &format!("stream cursor set {line}")).fails(2).stderr();
        let lines: Vec<&str> = stderr.lines().collect();
        assert_eq!(lines[0], message);
        if line.starts_with("-consumergroup") {
            assert_eq!(lines[2..4], usage[..2], "{stderr}");
            continue;
        }
        assert_eq!(lines[2..], usage, "{stderr}");
    }
    for (options, part) in [
        ("-to soon", "-to: `soon` is not a place to read; expected an offset (42)"),
        ("-by many", "many"),
        ("-by 9223372036854775808", "9223372036854775808"),
        ("-to 3 -partition x", "'x'"),
    ] {
        let stderr = set(&world, options).fails(2).stderr();
        assert!(stderr.contains(part), "`{options}` said:\n{stderr}");
    }
    ctl(&world, "cursor set /s -consumergroup g -partition 0 -to 3").fails(2);
    assert_eq!(offsets(&world, "g"), []);
}

#[test]
fn what_is_not_there_is_said() {
    let world = world(1);
    for (line, message) in [
        ("/no -consumergroup g -to 3", "stream `/no` does not exist"),
        ("/s -consumergroup g -topic no -to 3", "topic `no` does not exist in stream `/s`"),
        (
            "/s -consumergroup g -topic t -partition 7 -to 3",
            "no partition 7 in topic `t`: it has 1",
        ),
        ("/s -consumergroup g -to 3", "group `g` has no cursor in stream `/s`"),
        ("/s -consumergroup g -topic t -by 3", "group `g` has no cursor in topic `t`"),
        (
            "/s -consumergroup g -topic t -partition 0 -by 3",
            "group `g` has no cursor in partition 0 of topic `t`",
        ),
    ] {
        let stderr = ctl(&world, &format!("cursor set {line}")).fails(3).stderr();
        assert!(stderr.starts_with(&format!("streamctl: {message}")), "{line}: {stderr}");
        let ran = ctl(&world, &format!("cursor set {line} -json")).ends(3);
        assert!(ran.stdout().contains("\"id\":2,"), "{line}: {}", ran.told());
    }
    assert_eq!(offsets(&world, "g"), []);
}

#[test]
fn a_group_with_a_member_keeps_its_cursors() {
    let world = world(1);
    let words = ["--topic", "/s:t", "--group", "g", "--from-beginning"];
    let member = world.start("console-consumer", words);
    member.wait_for_line(|line| line == "9");
    for options in ["-to 3", "-to 3 --dry-run"] {
        let stderr = set(&world, options).fails(8).stderr();
        let told = format!(
            "streamctl: group `g` has a live member, process {}\nhint: end it first",
            member.pid()
        );
        assert!(stderr.starts_with(&told), "{options}: {stderr}");
    }
    // Another group's are nobody's business.
    ctl(&world, "cursor set /s -consumergroup h -topic t -to 8").ok();
    assert_eq!(read(&world, "h"), "8 9 ");
    drop(member.kill());
    set(&world, "-to 9").ok();
    assert_eq!(read(&world, "g"), "9 ");
}
