//! The verbs that change what is there: edit, plans of changes, and questions before deletions.

use std::time::Duration;

use crate::world::{Ran, World};

#[track_caller]
fn ctl(world: &World, line: &str) -> Ran {
    world.run("streamctl", line.split_whitespace(), "")
}

#[track_caller]
fn ok(world: &World, line: &str) -> String {
    ctl(world, line).ok().stdout()
}

#[track_caller]
fn refused(world: &World, line: &str, code: i32, message: &str) {
    let stderr = ctl(world, line).fails(code).stderr();
    assert_eq!(stderr.lines().next(), Some(message), "`{line}` said:\n{stderr}");
}

fn info(world: &World, stream: &str) -> serde_json::Value {
    serde_json::from_str(&ok(world, &format!("stream info {stream} -format jsonl"))).unwrap()
}

#[test]
fn only_what_is_named_changes() {
    let world = World::new();
    ok(&world, "stream create -path /s -ttl 60 -produceperm p -defaultpartitions 3");
    let before = info(&world, "/s");
    assert_eq!(ok(&world, "stream edit -path /s -compression zstd -compact true"), "");
    let after = info(&world, "/s");
    for (name, value) in before.as_object().unwrap() {
        let expected = match name.as_str() {
            "compression" => "zstd".into(),
            "compact" => true.into(),
            // The catalogue grew by the edit.
            "physicalsize" => continue,
            _ => value.clone(),
        };
        assert_eq!(after[name], expected, "{name}");
    }
    ok(
        &world,
        "stream edit /s -ttl 0 -autocreate false -defaultpartitions 2 -defaulttimestamptype \
         logappendtime -produceperm u:a -consumeperm u:b -topicperm u:c -copyperm u:d -adminperm p \
         -compact false -pidexpirysecs 5 -mincompactionlag 6 -deleteretention 7 -compression off",
    );
    let after = info(&world, "/s");
    for (name, value) in [
        ("ttl", serde_json::Value::from(0)),
        ("autocreate", false.into()),
        ("defaultpartitions", 2.into()),
        ("defaulttimestamptype", "logappendtime".into()),
        ("produceperm", "u:a".into()),
        ("consumeperm", "u:b".into()),
        ("topicperm", "u:c".into()),
        ("copyperm", "u:d".into()),
        ("adminperm", "p".into()),
        ("compact", false.into()),
        ("pidexpirysecs", 5.into()),
        ("mincompactionlag", 6.into()),
        ("deleteretention", 7.into()),
        ("compression", "off".into()),
    ] {
        assert_eq!(after[name], value, "{name}");
    }
    let ran = ctl(&world, "stream edit /s -compression lzf").ends(0);
    assert_eq!(ran.stderr(), "streamctl: compression lzf is stored as lz4\n");
    assert_eq!(info(&world, "/s")["compression"], "lz4");
    refused(&world, "stream edit /no -ttl 1", 3, "streamctl: stream `/no` does not exist");
    ctl(&world, "stream edit /s -ischangelog true").fails(2);
}

#[test]
fn a_new_stream_can_be_like_another_one() {
    let world = World::new();
    ok(&world, "stream create /a -ttl 5 -compression zlib -consumeperm p -pidexpirysecs 9");
    ok(&world, "stream edit /a -compact true");
    ok(&world, "stream create /b -copymetafrom /a -ttl 6 -ischangelog true");
    let (a, b) = (info(&world, "/a"), info(&world, "/b"));
    for name in ["compression", "consumeperm", "produceperm", "pidexpirysecs", "compact"] {
        assert_eq!(a[name], b[name], "{name}");
    }
    assert_eq!((&b["ttl"], &b["ischangelog"]), (&6.into(), &true.into()));
    assert_eq!(a["ischangelog"], false);
    let message = "streamctl: stream `/no` does not exist";
    refused(&world, "stream create /c -copymetafrom /no", 3, message);
    refused(&world, "stream info /c", 3, "streamctl: stream `/c` does not exist");
    ok(&world, "topic create /b:t");
    refused(
        &world,
        "topic edit /b:t -partitions 9",
        1,
        "streamctl: topic `t` is in a change log, where the number of partitions is fixed",
    );
}

#[test]
fn values_out_of_range_are_refused_with_the_range() {
    let world = World::new();
    ok(&world, "stream create /s -ttl 9223372036854775 -mincompactionlag 9223372036854775807");
    for (line, part) in [
        ("stream create /t -ttl -1", "from 0 to 9223372036854775"),
        ("stream create /t -ttl 9223372036854776", "from 0 to 9223372036854775"),
        ("stream create /t -pidexpirysecs x", "from 0 to 9223372036854775"),
        ("stream edit /s -mincompactionlag -1", "from 0 to 9223372036854775807"),
        ("stream edit /s -deleteretention 9223372036854775808", "from 0 to 9223372036854775807"),
        ("stream edit /s -defaultpartitions 4097", "1 to 4096"),
        ("stream edit /s -compact maybe", "true"),
    ] {
        let stderr = ctl(&world, line).fails(2).stderr();
        assert!(stderr.contains(part), "`{line}` said:\n{stderr}");
    }
    assert_eq!(ok(&world, "stream list").lines().count(), 2, "nothing was made");
}

#[test]
fn producers_that_start_later_follow_the_edited_attributes() {
    let world = World::new();
    ok(&world, "stream create /s");
    let input = format!("{}\n", "x".repeat(5000));
    let size = |topic: &str| -> i64 {
        drop(world.run("console-producer", ["--topic", &format!("/s:{topic}")], &input).ok());
        let text = ok(&world, &format!("topic info /s:{topic} -columns physicalsize -noheader"));
        text.trim().parse().unwrap()
    };
    assert!(size("plain") > 5000);
    ok(&world, "stream edit /s -compression zstd -defaulttimestamptype logappendtime");
    assert!(size("packed") < 1000);
    let stamps = ok(&world, "topic info /s:plain -columns timestamptype -noheader");
    assert_eq!(stamps, "LogAppendTime\n");
}

#[test]
fn a_topic_grows_under_a_running_consumer() {
    let world = World::new();
    ok(&world, "stream create /s");
    ok(&world, "topic create /s:t");
    drop(world.run("console-producer", ["--topic", "/s:t"], "old\n").ok());
    let words =
        ["--topic", "/s:t", "--from-beginning", "--max-messages", "3", "--timeout-ms", "60000"];
    let consumer = world.start("console-consumer", words);
    // Whether it reads the new partitions does not depend on who is faster.
    std::thread::sleep(Duration::from_millis(200));
    let ran = ctl(&world, "topic edit /s:t -partitions 3").ends(0);
    assert_eq!(
        ran.stderr(),
        "streamctl: topic `t` has 3 partitions now; keys may go to another one than before\n"
    );
    let keyed = [
        "--topic",
        "/s:t",
        "--reader-property",
        "parse.key=true",
        "--reader-property",
        "key.separator=:",
    ];
    drop(world.run("console-producer", keyed, "1:one\n3:three\n").ok());
    let ran = consumer.wait().ok();
    let stdout = ran.stdout();
    let mut lines: Vec<&str> = stdout.lines().collect();
    lines.sort_unstable();
    assert_eq!(lines, ["old", "one", "three"]);
    let spread = ok(&world, "topic info /s:t -filter maxoffset>=0 -columns partitionid -noheader");
    assert!(spread.lines().any(|partition| partition != "0"), "{spread}");

    // Once more changes nothing and says nothing.
    assert_eq!(ok(&world, "topic edit /s:t -partitions 3"), "");
    refused(
        &world,
        "topic edit /s:t -partitions 2",
        2,
        "streamctl: topic `t` has 3 partitions and cannot have 2: partitions are added, never taken \
         away",
    );
    ctl(&world, "topic edit /s:t -partitions 4097").fails(2);
    refused(&world, "topic edit /s:u", 3, "streamctl: topic `u` does not exist in stream `/s`");
    ok(&world, "topic edit -path /s -topic t -timestamptype logappendtime");
    let stamps = ok(&world, "topic info /s:t -columns timestamptype -noheader -limit 1");
    assert_eq!(stamps, "LogAppendTime\n");
}

#[test]
fn a_dry_run_prints_the_plan_and_changes_nothing() {
    let world = World::new();
    let plan = |line: &str| ok(&world, &format!("{line} --dry-run -format csv -noheader"));
    let made = plan("stream create /s -ttl 5");
    assert!(made.starts_with("create stream,/s,ttl,,5\n"), "{made}");
    assert!(!world.store().exists(), "a plan makes no store");
    ok(&world, "stream create /s");
    refused(&world, "stream create /s --dry-run", 4, "streamctl: stream `/s` exists already");
    assert_eq!(plan("stream edit /s -ttl 5"), "edit stream,/s,ttl,604800,5\n");
    assert_eq!(plan("stream edit /s"), "edit stream,/s,,,\n");
    let topic = "create topic,/s:t,partitions,,2\ncreate topic,/s:t,timestamptype,,createtime\n";
    assert_eq!(plan("topic create /s:t -partitions 2"), topic);
    assert_eq!(ok(&world, "topic list /s"), "");
    ok(&world, "topic create /s:t");
    let exists = "streamctl: topic `t` exists already in stream `/s`";
    refused(&world, "topic create /s:t --dry-run", 4, exists);
    assert_eq!(plan("topic edit /s:t -partitions 2"), "edit topic,/s:t,partitions,1,2\n");
    ctl(&world, "topic edit /s:t -partitions 0 --dry-run").fails(2);
    assert_eq!(plan("topic delete /s:t"), "delete topic,/s:t,,,\n");
    assert_eq!(plan("stream delete /s"), "delete stream,/s,,,\ndelete topic,/s:t,,,\n");
    refused(&world, "stream delete /no --dry-run", 3, "streamctl: stream `/no` does not exist");
    assert_eq!(info(&world, "/s")["ttl"], 604_800);
    assert_eq!(info(&world, "/s")["numtopics"], 1);
}

/// Runs a line of the shell on a terminal of its own, with `answer` typed into it.
fn on_a_terminal(world: &World, line: &str, answer: &str) -> Ran {
    let program = crate::world::program_path("streamctl");
    let line = format!("{} {line}", program.display());
    let command = world.command("/usr/bin/script", ["-qec", &line, "/dev/null"]);
    crate::world::run_command(command, answer)
}

#[test]
fn a_terminal_is_asked_before_messages_are_deleted() {
    if !std::path::Path::new("/usr/bin/script").exists() {
        return;
    }
    let world = World::new();
    ok(&world, "stream create /s");
    ok(&world, "topic create /s:empty");
    drop(world.run("console-producer", ["--topic", "/s:t"], "x\n").ok());
    for (line, answer, code, asked) in [
        ("topic delete /s:empty", "", 0, false),
        ("topic delete /s:t", "n\n", 1, true),
        ("stream delete /s", "\n", 1, true),
        ("topic delete /s:t", "y\n", 0, true),
    ] {
        let ran = on_a_terminal(&world, line, answer).ends(code);
        assert_eq!(ran.stdout().contains("Delete it for good? [y/N]"), asked, "{}", ran.told());
    }
    drop(world.run("console-producer", ["--topic", "/s:t"], "x\n").ok());
    let ran = on_a_terminal(&world, "stream delete /s --yes", "").ends(0);
    assert_eq!(ran.stdout(), "");
    assert_eq!(ok(&world, "stream list"), "");
}

#[test]
fn lists_are_filtered_sorted_cut_and_narrowed() {
    let world = World::new();
    ok(&world, "stream create /s");
    for (topic, partitions) in [("b", 10), ("a", 9), ("c", 1)] {
        ok(&world, &format!("topic create /s:{topic} -partitions {partitions}"));
    }
    let list = |options: &str| ok(&world, &format!("topic list /s {options}"));
    assert_eq!(
        list("-columns topic,partitions"),
        "topic  partitions\na      9\nb      10\nc      1\n"
    );
    assert_eq!(list("-columns topic -sortby partitions -noheader"), "c\na\nb\n");
    assert_eq!(list("-columns topic -sortby partitions -start 1 -limit 1 -noheader"), "a\n");
    let words = ["topic", "list", "-path", "/s", "-columns", "topic", "-noheader", "-filter"];
    let filter =
        |text: &str| world.run("streamctl", words.iter().copied().chain([text]), "").ok().stdout();
    assert_eq!(filter("[partitions >= \"9\"] and [topic != \"a*\"]"), "b\n");
    assert_eq!(filter("topic==c or topic==a"), "a\nc\n");
    assert_eq!(list("-filter topic==none"), "");
    let json = list("-columns topic -limit 1 -json");
    assert!(json.contains("\"total\":1") && json.contains("\"topic\":\"a\"\n"), "{json}");
    let known = "streamctl: there is no column `size`; there are topic, partitions, consumers, \
                 physicalsize, logicalsize, maxlag";
    refused(&world, "topic list /s -columns topic,size", 2, known);
    refused(&world, "topic list /s -sortby size", 2, known);
    refused(&world, "topic list /s -filter size>1", 2, known);
    let wrong = "streamctl: the filter has `=1` where one of == != > < >= <= should stand";
    refused(&world, "topic list /s -filter partitions=1", 2, wrong);
    assert_eq!(ok(&world, "stream list -columns numtopics,path -noheader"), "3  /s\n");
    assert_eq!(ok(&world, "stream info /s -columns pidexpirysecs"), "pidexpirysecs\n604800\n");
}

#[test]
fn a_watched_list_is_printed_until_somebody_ends_it() {
    let world = World::new();
    ok(&world, "stream create /s");
    ok(&world, "topic create /s:a");
    let script = "\"$0\" topic list /s -columns topic -noheader -watch 1 & child=$!\n\
                  sleep 1.5; kill -INT $child; wait $child; echo $?";
    let program = crate::world::program_path("streamctl");
    let command =
        world.command("/bin/bash", ["-c", &format!("set -m\n{script}"), program.to_str().unwrap()]);
    let ran = crate::world::run_command(command, "").ends(0);
    assert_eq!(ran.stdout(), "a\n\na\n130\n");
    ctl(&world, "topic list /s -watch 0").fails(2);
}

#[test]
fn a_missing_parameter_shows_the_usage_as_mapr_does() {
    let world = World::new();
    for (line, message) in [
        ("stream topic edit", "streamctl: no stream is named"),
        ("topic edit -path /s", "streamctl: no topic is named"),
    ] {
        let stderr = ctl(&world, line).fails(2).stderr();
        let lines: Vec<&str> = stderr.lines().collect();
        let usage = [
            "stream topic edit",
            "\t -path <STREAM> ",
            "\t -topic <TOPIC> ",
            "\t[ -partitions <N> ]",
            "\t[ -timestamptype <TYPE> ]",
            "\t[ --dry-run ]",
        ];
        assert_eq!(lines[0], message);
        assert_eq!(lines[2..], usage, "{stderr}");
    }
    let stderr = ctl(&world, "stream create").fails(2).stderr();
    assert!(stderr.contains("\n\t[ -ttl <SECONDS> default:604800 ]\n"), "{stderr}");
    let ran = ctl(&world, "stream info -json").ends(2);
    assert!(ran.stdout().contains("\"id\":22") && ran.stderr().is_empty(), "{}", ran.told());
    for group in ["", "stream", "stream topic", "store"] {
        let stderr = ctl(&world, group).fails(2).stderr();
        assert!(stderr.contains("Commands:"), "`{group}` said:\n{stderr}");
        assert!(!stderr.contains("replica"), "`{group}` said:\n{stderr}");
    }
}

#[test]
fn what_comes_later_says_so() {
    let world = World::new();
    for (line, named) in [
        ("stream replica add -path /a -replica /b", "stream replica add"),
        ("replica list -path /a", "stream replica list"),
        ("stream upstream remove -path /a -upstream /b", "stream upstream remove"),
        ("stream upstream", "stream upstream"),
    ] {
        let message = format!(
            "streamctl: `{named}` comes with a later version: streams have no replicas yet"
        );
        refused(&world, line, 1, &message);
    }
    let ran = ctl(&world, "stream replica list -path /a -json").ends(1);
    assert!(ran.stdout().contains("\"status\":\"ERROR\""), "{}", ran.told());
}

#[test]
fn errors_are_explained() {
    let world = World::new();
    let rows = |code: &str| ok(&world, &format!("errors {code} -format csv -noheader"));
    assert!(rows("17").starts_with("mapr,17,EEXIST,what was to be made exists already: exit 4,"));
    assert!(rows("17").contains("\nkafka,17,INVALID_TOPIC_EXCEPTION,"));
    assert!(rows("offset_out_of_range").starts_with("kafka,1,OFFSET_OUT_OF_RANGE,"));
    assert!(rows("").lines().count() > 30);
    refused(&world, "errors 4711", 3, "streamctl: no error has the number or name `4711`");
}

#[test]
fn the_store_is_described() {
    let world = World::new();
    let info = || -> serde_json::Value {
        serde_json::from_str(&ok(&world, "store info -format jsonl")).unwrap()
    };
    let empty = info();
    assert_eq!((&empty["streams"], &empty["physicalsize"]), (&0.into(), &0.into()));
    assert!(!world.store().exists(), "looking makes no store");
    ok(&world, "stream create /a/s");
    ok(&world, "stream create /t");
    drop(world.run("console-producer", ["--topic", "/t:x"], "one\ntwo\n").ok());
    let info = info();
    assert_eq!(info["path"], world.store().to_str().unwrap());
    assert_eq!((&info["streams"], &info["topics"]), (&2.into(), &1.into()));
    for name in ["physicalsize", "logicalsize", "freesize", "totalsize"] {
        assert!(info[name].as_i64().unwrap() > 0, "{name}: {info}");
    }
    assert!(!info["filesystem"].as_str().unwrap().is_empty(), "{info}");
    assert_eq!(ok(&world, "store info -columns streams"), "streams\n2\n");
}

#[test]
fn expired_files_are_purged_and_the_newest_one_stays() {
    let world = World::new();
    ok(&world, "stream create /s");
    for (now, text) in [("@1600000000000", "old\n"), ("@1700000000000", "new\n")] {
        let mut command = world.command("console-producer", ["--topic", "/s:t"]);
        command.env("STREAMPATH_NOW", now);
        drop(crate::world::run_command(command, text).ends(0));
    }
    // The second batch gets a segment of its own, as if the first one had been full.
    let topics = std::fs::read_dir(world.store().join("s/topics")).unwrap();
    let partition = topics.map(|entry| entry.unwrap().path()).next().unwrap().join("0");
    let (old, new) =
        (partition.join("00000000000000000000.log"), partition.join("00000000000000000001.log"));
    let bytes = std::fs::read(&old).unwrap();
    let first = 12 + u32::from_be_bytes(bytes[8..12].try_into().unwrap()) as usize;
    std::fs::write(&old, &bytes[..first]).unwrap();
    std::fs::write(&new, &bytes[first..]).unwrap();

    let at = |line: &str| {
        let mut command = world.command("streamctl", line.split_whitespace());
        command.env("STREAMPATH_NOW", "@1700000000000");
        crate::world::run_command(command, "").ok().stdout()
    };
    ok(&world, "stream edit /s -ttl 0");
    at("stream purge /s");
    assert!(old.exists(), "nothing expires");
    ok(&world, "stream edit /s -ttl 604800");
    let plan = format!("remove segment,/s:t,0/00000000000000000000.log,{first},\n");
    assert_eq!(at("stream purge /s --dry-run -format csv -noheader"), plan);
    assert!(old.exists(), "a plan removes nothing");
    assert_eq!(at("stream purge -path /s"), "");
    assert!(!old.exists() && new.exists());
    let size = (bytes.len() - first).to_string();
    let sizes = at("topic info /s:t -columns physicalsize,logicalsize,maxoffset -noheader");
    assert_eq!(sizes.split_whitespace().collect::<Vec<_>>(), [size.as_str(), size.as_str(), "1"]);
    let plan = at("stream purge /s --dry-run -format csv -noheader");
    assert_eq!(plan, "purge stream,/s,,,\n");
    ok(&world, "store check");
    refused(&world, "stream purge /no", 3, "streamctl: stream `/no` does not exist");
}
