//! Each command of `streamctl`: its success, its errors, and MapR's envelope byte for byte.

use crate::world::{Ran, World};

/// 2018-07-16 15:01:40.025 in UTC: the moment of MapR's sample.
const NOW: &str = "@1531753300025";

const HEAD: &str =
    "{\n\t\"timestamp\":1531753300025,\n\t\"timeofday\":\"2018-07-16 03:01:40.025 GMT+0000 PM\",\n";

#[track_caller]
fn ctl(world: &World, line: &str) -> Ran {
    let mut command = world.command("streamctl", line.split_whitespace());
    command.env("STREAMPATH_NOW", NOW);
    crate::world::run_command(command, "")
}

#[track_caller]
fn ok(world: &World, line: &str) -> String {
    ctl(world, line).ok().stdout()
}

/// Demands an exit status and a message; the message may be followed by a hint.
#[track_caller]
fn refused(world: &World, line: &str, code: i32, message: &str) -> String {
    let stderr = ctl(world, line).fails(code).stderr();
    let first = stderr.lines().next().unwrap_or_default().to_owned();
    assert_eq!(first, message, "`{line}` said:\n{stderr}");
    stderr
}

fn nothing_done() -> String {
    format!("{HEAD}\t\"status\":\"OK\",\n\t\"total\":0,\n\t\"data\":[\n\n\t]\n}}\n")
}

fn error(id: i32, text: &str) -> String {
    format!(
        "{HEAD}\t\"status\":\"ERROR\",\n\t\"errors\":[\n\t\t{{\n\t\t\t\"id\":{id},\n\
         \t\t\t\"desc\":\"{text}\"\n\t\t}}\n\t]\n}}\n"
    )
}

#[test]
fn a_stream_is_created_once() {
    let world = World::new();
    assert_eq!(ok(&world, "stream create -path /a/b/s -json"), nothing_done());
    assert_eq!(ok(&world, "stream create /t"), "");
    refused(&world, "stream create -path /t", 4, "streamctl: stream `/t` exists already");
    let ran = ctl(&world, "stream create -path /t -json").ends(4);
    assert_eq!(ran.stdout(), error(17, "stream `/t` exists already"));
    assert_eq!(ran.stderr(), "");
    refused(
        &world,
        "stream create -path /t/u",
        1,
        "streamctl: `/t/u` is inside stream `/t`, and streams do not nest",
    );
}

#[test]
fn attributes_are_kept_and_shown() {
    let world = World::new();
    ok(
        &world,
        "stream create -path /s -ttl 0 -autocreate false -defaultpartitions 7 -compression zstd \
         -produceperm p -consumeperm u:a|u:b -topicperm !u:x -copyperm p -adminperm p \
         -defaulttimestamptype logappendtime",
    );
    let text = ok(&world, "stream info -path /s -format jsonl");
    let row: serde_json::Value = serde_json::from_str(&text).unwrap();
    for (name, value) in [
        ("path", "/s".into()),
        ("numtopics", 0.into()),
        ("defaultpartitions", 7.into()),
        ("ttl", 0.into()),
        ("compression", "zstd".into()),
        ("autocreate", serde_json::Value::Bool(false)),
        ("produceperm", "p".into()),
        ("consumeperm", "u:a|u:b".into()),
        ("topicperm", "!u:x".into()),
        ("copyperm", "p".into()),
        ("adminperm", "p".into()),
        ("ischangelog", serde_json::Value::Bool(false)),
        ("defaulttimestamptype", "logappendtime".into()),
        ("compact", serde_json::Value::Bool(false)),
    ] {
        assert_eq!(row[name], value, "{name} in {text}");
    }
    let names: Vec<&str> = row.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names[..4], ["path", "physicalsize", "logicalsize", "numtopics"]);
}

#[test]
fn info_is_two_lines_that_can_be_zipped() {
    let world = World::new();
    ok(&world, "stream create -path /s -produceperm p");
    let text = ok(&world, "stream info -path /s");
    let lines: Vec<Vec<&str>> =
        text.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert_eq!(
        lines[0].join(" "),
        "produceperm copyperm ischangelog logicalsize compact adminperm topicperm ttl \
         defaulttimestamptype path numtopics defaultpartitions autocreate mincompactionlag \
         consumeperm compression deleteretention physicalsize"
    );
    assert_eq!(lines[0].len(), lines[1].len());
    assert_eq!(lines[1][0], "p");
    refused(&world, "stream info -path /no", 3, "streamctl: stream `/no` does not exist");
}

#[test]
fn a_missing_stream_has_a_hint_that_can_be_pasted() {
    let world = World::new();
    let stderr = refused(&world, "stream info /no", 3, "streamctl: stream `/no` does not exist");
    assert_eq!(stderr.lines().nth(1), Some("hint: streamctl stream create -path /no"));
    ok(&world, "stream create -path /no");
    ok(&world, "stream info /no");
    let ran = ctl(&world, "topic list -path /other -json").ends(3);
    assert_eq!(ran.stdout(), error(2, "stream `/other` does not exist"));
}

#[test]
fn streams_are_listed_below_a_path() {
    let world = World::new();
    assert_eq!(ok(&world, "stream list"), "");
    for path in ["/b", "/apps/gps", "/apps/taxi/rides"] {
        ok(&world, &format!("stream create -path {path}"));
    }
    let paths = |line: &str| -> Vec<String> {
        let text = ok(&world, line);
        let row = |line: &str| -> serde_json::Value { serde_json::from_str(line).unwrap() };
        text.lines().map(|line| row(line)["path"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(paths("stream list -format jsonl"), ["/apps/gps", "/apps/taxi/rides", "/b"]);
    assert_eq!(paths("stream list /apps -format jsonl"), ["/apps/gps", "/apps/taxi/rides"]);
    assert_eq!(paths("stream list -path /apps/taxi -format jsonl"), ["/apps/taxi/rides"]);
    assert_eq!(paths("stream list -path / -format jsonl").len(), 3);
}

#[test]
fn topics_are_created_listed_and_deleted() {
    let world = World::new();
    ok(&world, "stream create -path /s -defaultpartitions 2");
    ok(&world, "topic create -path /s -topic a");
    ok(&world, "stream topic create /s:b --partitions=5");
    let listed = "\
partitions  maxlag  logicalsize  topic  consumers  physicalsize
2           0       0            a      0          0
5           0       0            b      0          0
";
    assert_eq!(ok(&world, "topic list -path /s"), listed);
    assert_eq!(ok(&world, "topic list -path /s -noheader").lines().count(), 2);
    let csv =
        "topic,partitions,consumers,physicalsize,logicalsize,maxlag\na,2,0,0,0,0\nb,5,0,0,0,0\n";
    assert_eq!(ok(&world, "topic list -path /s -format csv"), csv);
    let row = |name: &str, partitions: u32| {
        format!(
            "\t\t{{\n\t\t\t\"topic\":\"{name}\",\n\t\t\t\"partitions\":{partitions},\n\
             \t\t\t\"consumers\":0,\n\t\t\t\"physicalsize\":0,\n\t\t\t\"logicalsize\":0,\n\
             \t\t\t\"maxlag\":0\n\t\t}}"
        )
    };
    let envelope = format!(
        "{HEAD}\t\"status\":\"OK\",\n\t\"total\":2,\n\t\"data\":[\n{},\n{}\n\t]\n}}\n",
        row("a", 2),
        row("b", 5)
    );
    assert_eq!(ok(&world, "topic list -path /s -json"), envelope);
    assert_eq!(ok(&world, "-json topic list /s"), envelope);

    let again = "streamctl: topic `a` exists already in stream `/s`";
    refused(&world, "topic create /s:a", 4, again);
    ok(&world, "topic delete -path /s -topic a");
    refused(&world, "topic delete /s:a", 3, "streamctl: topic `a` does not exist in stream `/s`");
    refused(&world, "topic info /s:a", 3, "streamctl: topic `a` does not exist in stream `/s`");
    assert_eq!(ok(&world, "topic list -path /s").lines().count(), 2);
}

#[test]
fn a_topic_is_described_by_its_partitions() {
    let world = World::new();
    ok(&world, "stream create -path /s");
    ok(&world, "topic create /s:t -partitions 2");
    let lines = |text: &str| -> Vec<serde_json::Value> {
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let rows = lines(&ok(&world, "topic info /s:t -format jsonl"));
    assert_eq!(rows.len(), 2);
    for (number, row) in rows.iter().enumerate() {
        assert_eq!(row["partitionid"], number);
        assert_eq!(row["maxoffset"], -1, "empty: {row}");
        assert_eq!(row["minoffsetacrossconsumers"], 0);
        assert_eq!(row["timestamptype"], "CreateTime");
    }
    let words = ["--topic", "/s:t"];
    drop(world.run("console-producer", words, "one\ntwo\nthree\n").ok());
    let rows = lines(&ok(&world, "topic info /s:t -format jsonl"));
    let written: i64 = rows.iter().map(|row| row["maxoffset"].as_i64().unwrap() + 1).sum();
    assert_eq!(written, 3);
    let sizes: i64 = rows.iter().map(|row| row["physicalsize"].as_i64().unwrap()).sum();
    assert!(sizes > 61, "{rows:?}");
    let header = ok(&world, "topic info /s:t");
    assert_eq!(
        header.lines().next().unwrap().split_whitespace().collect::<Vec<_>>().join(" "),
        "fid minoffsetacrossconsumers mintimestampacrossconsumers maxtimestamp servers \
         logicalsize partitionid timestamptype mintimestamp physicalsize maxoffset master"
    );
}

/// The one-liners that people run against MapR's output.
#[test]
fn the_idioms_of_old_scripts_work() {
    let world = World::new();
    let bin = world.dir().join("bin");
    drop(world.run("streamctl", ["links", bin.to_str().unwrap()], "").ok());
    let script = "\
maprcli stream delete -path /s 2>/dev/null || true
maprcli stream create -path /s -produceperm p -consumeperm p -topicperm p -ttl 900
maprcli stream topic create -path /s -topic trades -partitions 3
if maprcli stream info -path /s > /dev/null; then echo there; fi
maprcli stream topic list -path /s | awk 'NR>1 {print $4}'
printf '1\\n2\\n3\\n' | kafka-console-producer.sh --broker-list x:1 --topic /s:trades
maprcli stream topic info -path /s -topic trades -json | \\
  awk -F':|,' '/maxoffset/ {n+=$2+1} END {print n}'
maprcli stream info -path /no; echo $?
";
    let mut command = world.command("/bin/sh", ["-c", script]);
    command.env("PATH", format!("{}:/usr/bin:/bin", bin.display()));
    let ran = crate::world::run_command(command, "").ends(0);
    assert_eq!(ran.stdout(), "there\ntrades\n3\n3\n");
    let lines: Vec<String> = ran.stderr().lines().map(str::to_owned).collect();
    assert_eq!(lines[0], "ERROR (2) -  stream `/no` does not exist", "{lines:?}");
}

#[test]
fn a_deleted_stream_is_gone_and_its_name_free() {
    let world = World::new();
    ok(&world, "stream create -path /apps/s");
    ok(&world, "topic create /apps/s:t");
    drop(world.run("console-producer", ["--topic", "/apps/s:t"], "x\n").ok());
    ok(&world, "stream delete -path /apps/s");
    refused(&world, "stream delete /apps/s", 3, "streamctl: stream `/apps/s` does not exist");
    ok(&world, "stream create -path /apps/s");
    assert_eq!(ok(&world, "topic list /apps/s"), "");
}

#[test]
fn check_says_clean_and_names_what_is_damaged() {
    let world = World::new();
    ok(&world, "stream create -path /s");
    let input: String = (0..1000).map(|number| format!("line {number}\n")).collect();
    drop(world.run("console-producer", ["--topic", "/s:t"], input).ok());
    drop(ctl(&world, "store check").ends(0));
    drop(ctl(&world, "store check /s").ends(0));
    refused(&world, "store check /no", 3, "streamctl: stream `/no` does not exist");

    let topics = std::fs::read_dir(world.store().join("s/topics")).unwrap();
    let topic = topics.map(|entry| entry.unwrap().path()).next().unwrap();
    let log = topic.join("0/00000000000000000000.log");
    let mut bytes = std::fs::read(&log).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x40;
    std::fs::write(&log, bytes).unwrap();
    let ran = ctl(&world, "store check").ends(7);
    let told = format!("{}{}", ran.stdout(), ran.stderr());
    assert!(told.contains("00000000000000000000.log"), "{told}");
}

#[test]
fn one_option_or_the_other() {
    let world = World::new();
    ok(&world, "stream create -path /s /s");
    ok(&world, "topic create -path /s -topic t /s:t");
    refused(
        &world,
        "topic info -path /s -topic t /s:u",
        2,
        "streamctl: two topics are named: `t` with an option and `u` by position",
    );
    refused(&world, "stream info", 2, "streamctl: no stream is named");
    refused(
        &world,
        "stream list -json -format csv",
        2,
        "streamctl: -json asks for one format and -format for another",
    );
}
