//! `stream topic describe`: the view at a fixed time, in both alphabets, and the numbers behind it.

use std::process::Command;

use crate::world::{Ran, World, run_command};

/// 2023-11-14T22:13:20Z.
const NOW: i64 = 1_700_000_000_000;

fn at(mut command: Command, ms: i64) -> Command {
    command.env("STREAMPATH_NOW", format!("@{ms}")).env("COLUMNS", "80");
    command
}

#[track_caller]
fn ctl(world: &World, line: &str) -> Ran {
    run_command(at(world.command("streamctl", line.split_whitespace()), NOW), "")
}

/// Produces `keys`, one message each, so long before now.
fn produce(world: &World, topic: &str, ms_ago: i64, keys: &[&str]) {
    let line =
        format!("--topic {topic} --property parse.key=true --property key.separator=: --sync");
    let command = world.command("console-producer", line.split_whitespace());
    let input: String = keys.iter().map(|key| format!("{key}:value\n")).collect();
    run_command(at(command, NOW - ms_ago), input).ok();
}

fn world() -> World {
    let world = World::new();
    ctl(&world, "stream create /s -ttl 0").ok();
    world
}

#[test]
fn an_empty_topic_has_nothing_to_compare() {
    let world = world();
    ctl(&world, "topic create /s:t -partitions 2").ok();
    let expected = "\
/s:t: 2 partitions, 0 messages, 0 B

part  start  end  messages  size  first  last
   0      0    0         0   0 B      -     -
   1      0    0         0   0 B      -     -

part  share  of the messages       last minute      last hour
   0      -                        ____________  0  ____________  0
   1      -                        ____________  0  ____________  0
 all                               ____________  0  ____________  0
";
    let ran = ctl(&world, "topic describe -path /s -topic t -format table").ok();
    assert_eq!(ran.stdout(), expected);
    let row = "{\"partitionid\":0,\"startoffset\":0,\"endoffset\":0,\"records\":0,\
               \"physicalsize\":0,\"mintimestamp\":0,\"maxtimestamp\":0,\"sharepermille\":null,\
               \"skewpercent\":null,\"lastminute\":0,\"lasthour\":0,\
               \"lastminutesteps\":\"0,0,0,0,0,0,0,0,0,0,0,0\",\
               \"lasthoursteps\":\"0,0,0,0,0,0,0,0,0,0,0,0\"}\n";
    let ran = ctl(&world, "topic describe /s:t -limit 1 -format jsonl").ok();
    assert_eq!(ran.stdout(), row);
}

/// A topic of one partition with messages of a year, a day, half an hour, 20 seconds ago and now.
fn with_history() -> World {
    let world = world();
    ctl(&world, "topic create /s:t").ok();
    produce(&world, "/s:t", 365 * 86_400_000, &["a"]);
    produce(&world, "/s:t", 86_400_000, &["a"]);
    produce(&world, "/s:t", 1_800_000, &["a", "b", "c", "d"]);
    produce(&world, "/s:t", 20_000, &["a", "b"]);
    produce(&world, "/s:t", 0, &["a"]);
    // A clock that goes ahead.
    produce(&world, "/s:t", -5_000, &["a"]);
    world
}

#[test]
fn one_partition_at_a_fixed_time() {
    let world = with_history();
    let text = ctl(&world, "topic describe /s:t -format table").ok().stdout();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("/s:t: 1 partition, 10 messages, "), "{text}");
    assert!(lines[0].ends_with(" B, skew 1.00"), "{text}");
    let words: Vec<&str> = lines[3].split_whitespace().collect();
    assert_eq!(words[..4], ["0", "0", "10", "10"], "{text}");
    assert_eq!(words[6..], ["2022-11-14", "22:13:25"], "{text}");
    assert_eq!(
        lines[5..],
        [
            "part   share  of the messages       last minute            last hour",
            "   0  100.0%  ####################  _______#___=  3.0/min  _____#_____*  7/h",
        ],
        "{text}"
    );
    let mut command = world.command("streamctl", ["topic", "describe", "/s:t", "-format=table"]);
    command.env_remove("LC_ALL").env("LANG", "en_US.UTF-8");
    let text = run_command(at(command, NOW), "").ok().stdout();
    let last = text.lines().last().unwrap();
    assert_eq!(
        last,
        "   0  100.0%  ████████████████████  ▁▁▁▁▁▁▁█▁▁▁▅  3.0/min  ▁▁▁▁▁█▁▁▁▁▁▇  7/h"
    );
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
}

#[test]
fn the_other_formats_list_the_same_numbers() {
    let world = with_history();
    let text = ctl(&world, "topic describe /s:t -format jsonl").ok().stdout();
    let row: serde_json::Value = serde_json::from_str(&text).unwrap();
    for (name, value) in [
        ("startoffset", serde_json::Value::from(0)),
        ("endoffset", 10.into()),
        ("records", 10.into()),
        ("mintimestamp", (NOW - 365 * 86_400_000).into()),
        ("maxtimestamp", (NOW + 5_000).into()),
        ("sharepermille", 1000.into()),
        ("skewpercent", 100.into()),
        ("lastminute", 3.into()),
        ("lasthour", 7.into()),
        ("lastminutesteps", "0,0,0,0,0,0,0,2,0,0,0,1".into()),
        ("lasthoursteps", "0,0,0,0,0,4,0,0,0,0,0,3".into()),
    ] {
        assert_eq!(row[name], value, "{name}");
    }
    let json = ctl(&world, "topic describe /s:t -json").ok().stdout();
    assert!(json.contains("\n\t\t\t\"lasthour\":7,\n"), "{json}");
    // Off a terminal MapR's table: names, then a line of as many words.
    let text = ctl(&world, "topic describe /s:t").ok().stdout();
    let lines: Vec<usize> = text.lines().map(|line| line.split_whitespace().count()).collect();
    assert_eq!(lines, [13, 13], "{text}");
    let line = "topic describe /s:t -columns endoffset,lastminutesteps -format csv -noheader";
    assert_eq!(ctl(&world, line).ok().stdout(), "10,\"0,0,0,0,0,0,0,2,0,0,0,1\"\n");
    let line = "topic describe /s:t -columns endoffset,lasthour -format table";
    assert_eq!(ctl(&world, line).ok().stdout(), "endoffset  lasthour\n       10         7\n");
}

#[test]
fn a_skewed_topic_shows_where_its_messages_are() {
    let world = world();
    ctl(&world, "topic create /s:t -partitions 3").ok();
    // Where keys go is Kafka's rule; how often each key comes is ours.
    let keys: Vec<&str> = ["hot"; 18].into_iter().chain(["a", "b", "c", "d", "e", "f"]).collect();
    produce(&world, "/s:t", 0, &keys);
    let text = ctl(&world, "topic describe /s:t -format jsonl").ok().stdout();
    let rows: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let records: Vec<i64> = rows.iter().map(|row| row["records"].as_i64().unwrap()).collect();
    assert_eq!(records.iter().sum::<i64>(), 24);
    let most = *records.iter().max().unwrap();
    assert!(most >= 18);
    for (row, records) in rows.iter().zip(&records) {
        assert_eq!(row["sharepermille"], records * 1000 / 24);
        assert_eq!(row["skewpercent"], records * 300 / 24);
    }
    let text = ctl(&world, "topic describe /s:t -format table -sortby records").ok().stdout();
    let skew = most * 300 / 24;
    let end = format!(", skew {}.{:02}", skew / 100, skew % 100);
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].ends_with(&end), "{text}");
    let bars: Vec<usize> =
        lines[8..11].iter().map(|line| line[..36].matches('#').count()).collect();
    assert_eq!(bars[2], 20, "{text}");
    assert!(bars.is_sorted() && bars[0] < 7, "{text}");
    assert!(lines[11].starts_with(" all "), "{text}");
    assert!(lines.iter().all(|line| line.len() <= 80), "{text}");
    // A part of the partitions has no sum; nor does the title change.
    let part = ctl(&world, "topic describe /s:t -format table -limit 2 -noheader").ok().stdout();
    assert!(part.starts_with(lines[0]) && !part.contains(" all "), "{part}");
    assert_eq!(part.lines().count(), 7, "{part}");
}

#[test]
fn what_is_not_there_or_not_understood_is_refused() {
    let world = world();
    for (line, code) in [
        ("topic describe /s:no", 3),
        ("topic describe /no:t", 3),
        ("topic describe /s", 2),
        ("topic describe", 2),
        ("topic describe /s:t -columns no", 3),
    ] {
        ctl(&world, line).fails(code);
    }
    ctl(&world, "topic create /s:t").ok();
    for options in ["-columns no", "-sortby no -format table", "-filter no>1", "-watch 0"] {
        ctl(&world, &format!("topic describe /s:t {options}")).fails(2);
    }
}

#[test]
fn the_width_and_the_colour_of_the_terminal_are_kept() {
    let world = with_history();
    for width in [40, 80, 100, 200] {
        let mut command =
            at(world.command("streamctl", ["topic", "describe", "/s:t", "-format=table"]), NOW);
        command.env("COLUMNS", width.to_string());
        let text = run_command(command, "").ok().stdout();
        let most = text.lines().map(str::len).max().unwrap();
        assert!(most <= width.max(74) && (width < 80 || most > 60), "{width}: {text}");
    }
    let line = "topic describe /s:t -format table --color always";
    let text = ctl(&world, line).ok().stdout();
    assert_eq!(text.matches("\u{1b}[1mpart").count(), 2, "{text:?}");
}
