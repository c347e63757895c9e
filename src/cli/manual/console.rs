//! Notes and examples of `console-producer(1)` and `console-consumer(1)`.

use super::Manual;

/// The pages of the two console programs.
pub(super) const PAGES: [Manual; 2] = [
    Manual {
        page: "console-producer",
        notes: &[],
        examples: &[
            (
                "Write a file line by line:",
                r"$ printf 'one\ntwo\nthree\n' > lines.txt
$ streamctl stream create /sample-stream
$ streamctl topic create /sample-stream:fast-messages
$ console-producer --topic /sample-stream:fast-messages < lines.txt",
            ),
            (
                "Type messages; the end of input (Control-D) ends the program:",
                "$ console-producer --topic /sample-stream:fast-messages
>Hello, stream
>no broker was started",
            ),
            (
                "Write lines of a key, a colon and a value:",
                r"$ printf 'de:Bonn\nfr:Lyon\n' |
      console-producer --topic /sample-stream:fast-messages \
      --reader-property parse.key=true \
      --reader-property key.separator=:",
            ),
            (
                "Say of each record where it was stored:",
                r#"$ seq 2 | console-producer --topic /sample-stream:fast-messages \
      --report-acks
{"timestamp":…,"name":"producer_send_success","key":null,"value":"1",…}
{"timestamp":…,"name":"producer_send_success","key":null,"value":"2",…}"#,
            ),
            (
                "Make a whole file one record, with a header:",
                r"$ console-producer --topic /sample-stream:fast-messages \
      --header kind=letter --file-per-record lines.txt",
            ),
            (
                "Write records as JSON, each to the topic that it names:",
                r#"$ echo '{"topic":"/sample-stream:fast-messages","value":"one"}' |
      console-producer --format json --quiet"#,
            ),
            (
                "Replay the newest records of a topic into another one, as they came but without a gap \
                 of more than 10 ms:",
                r"$ streamctl topic create /sample-stream:replayed
$ console-consumer --topic /sample-stream:fast-messages --last 5 \
      --until end --format json --quiet |
      console-producer --topic /sample-stream:replayed --format json \
      --repartition --pace original --max-gap 10ms --quiet",
            ),
            (
                "Be content with what survives this program but not a power cut:",
                r"$ seq 1000 | console-producer --topic /sample-stream:fast-messages \
      --request-required-acks 1",
            ),
        ],
    },
    Manual {
        page: "console-consumer",
        notes: &[],
        examples: &[
            (
                "Print what is there, then what comes:",
                "$ streamctl stream create /sample-stream
$ streamctl topic create /sample-stream:squares
$ seq 5 | awk '{ print $1 * $1 }' |
      console-producer --topic /sample-stream:squares
$ console-consumer --topic /sample-stream:squares --from-beginning
1
4
9
16
25",
            ),
            (
                "Print what is there and stop; the count goes to standard error:",
                r"$ console-consumer --topic /sample-stream:squares \
      --from beginning --until end
1
4
9
16
25
Processed a total of 5 messages",
            ),
            (
                "Print the last two records of each partition with their offsets:",
                r"$ console-consumer --topic /sample-stream:squares \
      --from -2 --until end --formatter-property print.offset=true
Offset:3	16
Offset:4	25
Processed a total of 2 messages",
            ),
            (
                "Print what was written in the last ten minutes:",
                r"$ console-consumer --topic /sample-stream:squares \
      --from 10m --until end 2>/dev/null | wc -l
5",
            ),
            (
                "Print the newest record with everything it has, as JSON:",
                r#"$ console-consumer --topic /sample-stream:squares --last 1 \
      --until end --format json --quiet
{"v":1,"topic":"/sample-stream:squares","partition":0,"offset":4,…}"#,
            ),
            (
                "Wait for three records, five seconds at most; the exit status is 6 if they do not come:",
                r"$ console-consumer --topic /sample-stream:squares --from -3 \
      --expect 3 --within 5s --quiet
9
16
25",
            ),
            (
                "Read for a group, which goes on where it has come to:",
                r"$ console-consumer --topic /sample-stream:squares --group g \
      --from-beginning --max-messages 3
1
4
9
Processed a total of 3 messages
$ console-consumer --topic /sample-stream:squares --group g --until end
16
25
Processed a total of 2 messages",
            ),
        ],
    },
];
