//! What scripts do with `maprcli`, in a real bash: the idioms that MapR's users built on its output.

use std::process::Command;

use crate::world::{Ran, World, run_command};

/// A world with the links on its path, and no program that is not a link or the system's.
fn world() -> World {
    let world = World::new();
    drop(world.run("streamctl", ["links", "bin"], "").ok());
    world
}

fn bash(world: &World, script: &str) -> Command {
    let mut command = world.command("/bin/bash", ["-c", &format!("set -u\n{script}")]);
    command.env("PATH", format!("{}/bin:/usr/local/bin:/usr/bin:/bin", world.dir().display()));
    command
}

fn run(world: &World, script: &str) -> Ran {
    run_command(bash(world, script), "")
}

/// Demands that a script ends well, says nothing on the side, and prints this.
#[track_caller]
fn prints(world: &World, script: &str, expected: &str) {
    assert_eq!(run(world, script).ok().stdout(), expected, "{script}");
}

/// Three topics, of which `busy` has four messages in three partitions, two of them read.
fn busy_world() -> World {
    let world = world();
    let script = "maprcli stream create -path /s -produceperm p -consumeperm p -topicperm p
        for topic in alpha busy gamma; do
            maprcli stream topic create -path /s -topic $topic -partitions 3
        done
        printf '1:a\\n2:b\\n3:c\\n3:d\\n' | kafka-console-producer.sh --broker-list ignored:9092 \
            --topic /s:busy --property parse.key=true --property key.separator=:
        kafka-console-consumer.sh --bootstrap-server ignored:9092 --topic /s:busy \
            --group g --from-beginning --max-messages 2 2>/dev/null | wc -l";
    prints(&world, script, "2\n");
    world
}

#[test]
fn the_fourth_word_of_a_topic_list_is_the_topic() {
    let world = busy_world();
    let list = "maprcli stream topic list -path /s";
    prints(&world, &format!("{list} | awk '{{print $4}}'"), "topic\nalpha\nbusy\ngamma\n");
    let loops = format!(
        "for topic in $({list} | awk 'NR > 1 {{print $4}}'); do
            maprcli stream topic delete -path /s -topic $topic
        done
        {list}"
    );
    prints(&world, &loops, "");
    // The same from an empty list: no header, so nothing to skip.
    prints(&world, &format!("{list} | tail -n +2 | wc -l"), "0\n");
}

#[test]
fn offsets_are_summed_from_json_with_awk() {
    let world = busy_world();
    let json = "maprcli stream topic info -path /s -topic busy -json";
    // As in the blog: each field has a line of its own, with nothing but tabs in front and `,` after.
    let published = "awk -F':|,' '/maxoffset/ {n+=$2+1} END {print n}'";
    prints(&world, &format!("{json} | {published}"), "4\n");
    let consumed = "awk -F':|,' '/minoffsetacrossconsumers/ {n+=$2} END {print n}'";
    prints(&world, &format!("{json} | {consumed}"), "2\n");
    let bare = "awk -F':|,' '/maxoffset/ {print NF, $1}' | sort -u | cat -A";
    prints(&world, &format!("{json} | {bare}"), "3 ^I^I^I\"maxoffset\"$\n");
    prints(&world, &format!("{json} | grep '\": ' || echo none"), "none\n");
}

#[test]
fn the_columns_of_topic_info_are_counted() {
    let world = busy_world();
    // maxoffset is the eleventh word and what all groups have read the second; with one server.
    let depth = "maprcli stream topic info -path /s -topic busy |
        awk 'NR > 1 {n += $11 + 1 - $2} END {print n}'";
    prints(&world, depth, "2\n");
    let words = "maprcli stream topic info -path /s -topic busy | awk '{print NF}' | sort -u";
    prints(&world, words, "12\n");
}

/// As `configure.sh` of MapR's schema registry does it.
#[test]
fn the_two_lines_of_stream_info_are_zipped() {
    let world = busy_world();
    let script = r#"
        info=$(maprcli stream info -path /s)
        keys=($(echo "$info" | head -1))
        values=($(echo "$info" | tail -1))
        declare -A field
        for index in "${!keys[@]}"; do field[${keys[$index]}]=${values[$index]}; done
        echo ${#keys[@]} ${#values[@]}
        echo ${field[path]} ${field[produceperm]} ${field[consumeperm]} ${field[topicperm]}
        echo ${field[numtopics]} ${field[ttl]} ${field[autocreate]} ${field[compression]}
        maprcli stream edit -path /s -produceperm 'u:0 | g:0' -consumeperm ''
        maprcli stream info -path /s | awk '{print NF}'
    "#;
    prints(&world, script, "18 18\n/s p p p\n3 604800 true off\n18\n18\n");
}

#[test]
fn scripts_start_from_nothing_again_and_again() {
    let world = world();
    let script = "set -e
        for round in 1 2; do
            maprcli stream delete -path /s 2>/dev/null || true
            maprcli stream create -path /s
            maprcli stream topic delete -path /s -topic t 2> /dev/null || true
            maprcli stream topic create -path /s -topic t -partitions 2
            echo $round | kafka-console-producer.sh --broker-list x:9092 --topic /s:t
        done
        kafka-console-consumer.sh --bootstrap-server x:9092 --topic /s:t --from-beginning \
            --max-messages 1 2>/dev/null";
    prints(&world, script, "2\n");
    let strict = "set -e; maprcli stream create -path /s >/dev/null 2>&1; echo not reached";
    run(&world, strict).ends(4);
}

#[test]
fn a_stream_is_looked_for_with_its_exit_status() {
    let world = world();
    let look = "if maprcli stream info -path /s > /dev/null; then echo there; else echo none; fi";
    let ran = run(&world, look).ends(0);
    assert_eq!(ran.stdout(), "none\n");
    assert!(
        ran.stderr().starts_with("ERROR (2) -  stream `/s` does not exist\n"),
        "{}",
        ran.told()
    );
    let gone = "if maprcli stream info -path /s > /dev/null; then
            maprcli stream delete -path /s && echo deleted
        fi
        maprcli stream info -path /s >/dev/null 2>&1; echo $?";
    prints(&world, "maprcli stream create -path /s", "");
    prints(&world, look, "there\n");
    prints(&world, gone, "deleted\n3\n");
    let timed =
        "timeout 10 maprcli stream topic list -path /s 2>/dev/null; [ $? -ne 0 ] && echo no";
    prints(&world, timed, "no\n");
}

#[test]
fn the_status_of_an_answer_is_read_from_json() {
    let world = busy_world();
    let status = "maprcli stream info -path /s -json | grep '\"status\"' | cut -d'\"' -f4";
    prints(&world, status, "OK\n");
    let status = "maprcli stream info -path /no -json | grep '\"status\"' | cut -d'\"' -f4";
    prints(&world, status, "ERROR\n");
    let total =
        "maprcli stream topic list -path /s -json | sed -n 's/.*\"total\":\\([0-9]*\\),/\\1/p'";
    prints(&world, total, "3\n");
    let lag = "maprcli stream cursor list -path /s -consumergroup g -topic busy -json |
        awk -F':|,' '/produceroffset/ {p+=$2+1} /committedoffset/ {c+=$2} END {print p-c}'";
    // Only partitions with a cursor are listed: the group committed in all three.
    prints(&world, lag, "2\n");
}

/// Support engineers put a time before what they list again and again.
#[test]
fn listings_are_watched_with_a_loop() {
    let world = busy_world();
    let script = "for round in 1 2; do
            maprcli stream cursor list -path /s | tail -n +2 | while read -r line; do
                echo \"$round $line\"
            done
        done | awk '{print $1, NF}' | sort -u";
    prints(&world, script, "1 9\n2 9\n");
}
