//! Notes and examples of `streamctl(1)` and the page of each group of its commands.

use super::Manual;

/// The page of the program and one for each group of commands.
pub(super) const PAGES: [Manual; 7] = [
    Manual {
        page: "streamctl",
        notes: &[
            "On a terminal a listing is a table for people, with units and times like `2 min ago`. \
             Elsewhere it is what MapR's tool prints: a line of names, then one line a row, columns \
             left-aligned and two blanks apart, times and empty cells as one word. The columns then \
             stand in MapR's order, which is that of a hash table of their names; -columns chooses \
             columns and their order. Without rows nothing is printed.",
            "Called `maprcli`, the program is the same, but its messages have MapR's form, such as \
             `ERROR (17) -  … exists already`. See streamctl-compat(7).",
            "With -json a failure is printed on standard output, in the envelope; otherwise on \
             standard error. What is worth a remark but no failure goes to standard error always.",
        ],
        examples: &[
            (
                "Create a stream, and in it a topic of three partitions:",
                r"$ streamctl stream create -path /sample-stream
$ streamctl stream topic create -path /sample-stream \
      -topic fast-messages -partitions 3
$ streamctl stream topic list -path /sample-stream
partitions  maxlag  logicalsize  topic          consumers  physicalsize
3           0       0            fast-messages  0          0",
            ),
            (
                "The same with less typing, and the list for programs:",
                r#"$ streamctl topic create /sample-stream:summary-markers
$ streamctl topic list /sample-stream \
      -columns topic,partitions -format jsonl
{"topic":"fast-messages","partitions":3}
{"topic":"summary-markers","partitions":1}
$ streamctl topic list /sample-stream -columns topic -limit 1 -json
{
	"timestamp":…,
	"timeofday":"…",
	"status":"OK",
	"total":1,
	"data":[
		{
			"topic":"fast-messages"
		}
	]
}"#,
            ),
            (
                "Give the programs the names that older scripts use:",
                "$ streamctl links ~/stream-bin
$ ~/stream-bin/maprcli stream create -path /sample-stream
ERROR (17) -  stream `/sample-stream` exists already
$ echo $?
4",
            ),
            (
                "Ask what an error means:",
                "$ streamctl errors 17 -columns kind,code,name,meaning
kind   code  name                     meaning
mapr   17    EEXIST                   what was to be made exists …
kafka  17    INVALID_TOPIC_EXCEPTION  the name breaks a rule; …",
            ),
        ],
    },
    Manual {
        page: "streamctl-stream",
        notes: &[
            "streams(7) says how an access control expression is written and what takes which \
             permission, stream-store(5) which expressions open the files of a stream to whom.",
        ],
        examples: &[
            (
                "Create a stream whose messages are kept for a day, compressed:",
                "$ streamctl stream create -path /apps/gps -ttl 86400 -compression zstd
$ streamctl stream info /apps/gps -columns path,ttl,compression
path       ttl    compression
/apps/gps  86400  zstd",
            ),
            (
                "Keep messages for half a day; look first at what would change:",
                "$ streamctl stream edit /apps/gps -ttl 43200 --dry-run -format csv
action,object,attribute,before,after
edit stream,/apps/gps,ttl,86400,43200
$ streamctl stream edit /apps/gps -ttl 43200",
            ),
            (
                "Create another one like it, but keep its messages for ever:",
                "$ streamctl stream create /apps/history -copymetafrom /apps/gps -ttl 0
$ streamctl stream list /apps -columns path,numtopics,ttl
path           numtopics  ttl
/apps/gps      0          43200
/apps/history  0          0",
            ),
            ("Free the room of expired messages:", "$ streamctl stream purge /apps/gps"),
            (
                "Begin anew in a script, whether the stream is there or not:",
                "$ streamctl stream delete -path /apps/history 2>/dev/null || true
$ streamctl stream create -path /apps/history",
            ),
        ],
    },
    Manual {
        page: "streamctl-topic",
        notes: &[],
        examples: &[
            (
                "Create a topic of four partitions, and look at what is in it:",
                r"$ streamctl stream create /apps/gps
$ streamctl topic create -path /apps/gps -topic trucks -partitions 4
$ seq 100 | console-producer --topic /apps/gps:trucks
$ streamctl topic list /apps/gps -columns topic,partitions,consumers
topic   partitions  consumers
trucks  4           0",
            ),
            (
                "Count the messages of a topic by the last offset of each partition:",
                r"$ streamctl topic info /apps/gps:trucks -columns maxoffset -noheader |
      awk '{ n += $1 + 1 } END { print n }'
100",
            ),
            (
                "List topics by size, and by name:",
                r#"$ streamctl topic create /apps/gps:ships
$ streamctl topic list /apps/gps -filter '[logicalsize > 0]' \
      -sortby logicalsize -columns topic
topic
trucks
$ streamctl topic list /apps/gps -filter '[topic=="s*"]' \
      -columns topic -noheader
ships"#,
            ),
            (
                "Add partitions:",
                "$ streamctl stream topic edit -path /apps/gps -topic ships -partitions 2
streamctl: topic `ships` has 2 partitions now; keys may go to another …",
            ),
            (
                "Delete a topic; --yes keeps a terminal from asking:",
                "$ streamctl stream topic delete -path /apps/gps -topic ships --yes",
            ),
        ],
    },
    Manual {
        page: "streamctl-cursor",
        notes: &[],
        examples: &[
            (
                "See where a group reads on after it has read two of five messages:",
                r"$ streamctl stream create /apps/gps
$ streamctl topic create /apps/gps:trucks
$ seq 5 | console-producer --topic /apps/gps:trucks
$ console-consumer --topic /apps/gps:trucks --group trackers \
      --from-beginning --max-messages 2
1
2
Processed a total of 2 messages
$ streamctl stream cursor list -path /apps/gps \
      -columns consumergroup,topic,committedoffset,produceroffset
consumergroup  topic   committedoffset  produceroffset
trackers       trucks  2                4",
            ),
            (
                "List only those that lag, for a program:",
                r#"$ streamctl cursor list /apps/gps -filter '[consumerlagmillis > 0]' \
      -columns consumergroup,consumerlagmillis -format jsonl
{"consumergroup":"trackers","consumerlagmillis":…}"#,
            ),
            (
                "Let a group begin as if it were new:",
                r"$ streamctl stream cursor delete -path /apps/gps \
      -consumergroup trackers -topic trucks
$ streamctl cursor list /apps/gps",
            ),
        ],
    },
    Manual {
        page: "streamctl-assign",
        notes: &[],
        examples: &[
            (
                "While a consumer runs for a group in another terminal:",
                r"$ streamctl stream create /apps/gps
$ streamctl topic create /apps/gps:trucks -partitions 2
$ seq 2 | console-producer --topic /apps/gps:trucks
$ console-consumer --topic /apps/gps:trucks --group trackers \
      --from-beginning
1
2",
            ),
            (
                "See which partitions it reads, and which process it is:",
                r"$ streamctl stream assign list -path /apps/gps \
      -columns consumergroup,topic,partitionid
consumergroup  topic   partitionid
trackers       trucks  0
trackers       trucks  1
$ streamctl assign list /apps/gps -detail -limit 1 -format csv
consumergroup,topic,partitionid,consumerid,client,pid,joined
trackers,trucks,0,…",
            ),
        ],
    },
    Manual {
        page: "streamctl-group",
        notes: &[
            "The same under Kafka's names and with Kafka's options is kafka-consumer-groups(1).",
            "`group list` and `group describe` need the permissions of `cursor list` and `assign list`, \
             `group delete` those of `cursor delete`, `group reset-offsets` and `group edit` those of \
             `cursor set`; streams(7) says which these are.",
        ],
        examples: &[
            (
                "See how far the groups of a stream are, after one has read two of five messages:",
                r"$ streamctl stream create /apps/gps
$ streamctl topic create /apps/gps:trucks
$ seq 5 | console-producer --topic /apps/gps:trucks
$ console-consumer --topic /apps/gps:trucks --group trackers \
      --from-beginning --max-messages 2
1
2
Processed a total of 2 messages
$ streamctl group list /apps/gps \
      -columns consumergroup,state,members,lag
consumergroup  state  members  lag
trackers       Empty  0        3",
            ),
            (
                "Partition by partition; add -watch 2 to see it every two seconds:",
                r"$ streamctl group describe /apps/gps -consumergroup trackers \
      -columns topic,partitionid,currentoffset,endoffset,lag
topic   partitionid  currentoffset  endoffset  lag
trucks  0            2              5          3",
            ),
            (
                "Let the group read everything again; look first at what would change:",
                r"$ streamctl group reset-offsets /apps/gps -consumergroup trackers \
      -to beginning --dry-run -format csv
action,object,attribute,before,after
set cursor,/apps/gps:trucks,partition 0,2,0
$ streamctl group reset-offsets /apps/gps -consumergroup trackers \
      -to beginning -format csv
consumergroup,topic,partitionid,previousoffset,committedoffset
trackers,trucks,0,2,0",
            ),
            (
                "Keep its cursors for a day after its last member has left, and let members share so \
                 that few partitions change hands:",
                r"$ streamctl group edit /apps/gps -consumergroup trackers \
      -offsetsretentionminutes 1440 -assignor sticky
$ streamctl group describe /apps/gps -consumergroup trackers \
      -columns topic,assignor,offsetsretentionminutes
topic   assignor  offsetsretentionminutes
trucks  sticky    1440",
            ),
            (
                "Forget it:",
                "$ streamctl group delete /apps/gps -consumergroup trackers
$ streamctl group list /apps/gps",
            ),
            (
                "While a consumer of a group runs, in another terminal, its state is Stable and its \
                 cursors stay as they are:",
                r"$ console-consumer --topic /apps/gps:trucks --group watchers
$ streamctl group describe /apps/gps -consumergroup watchers \
      -columns partitionid,state,epoch,assignor,client -format csv
partitionid,state,epoch,assignor,client
0,Stable,1,range,console-consumer
$ streamctl group delete /apps/gps -consumergroup watchers
streamctl: group `watchers` has a live member, process …
hint: end it first; streamctl stream assign list -path /apps/gps
$ echo $?
8",
            ),
        ],
    },
    Manual {
        page: "streamctl-store",
        notes: &[
            "`store check` asks for no permission of a stream and shows no message. The modes of \
             the files decide what it may look at; what it was not let into it lists as a note.",
        ],
        examples: &[
            (
                "See what is there, and where:",
                "$ streamctl stream create /apps/gps
$ streamctl topic create /apps/gps:trucks
$ seq 5 | console-producer --topic /apps/gps:trucks
$ streamctl store info -columns path,streams,topics -format csv
path,streams,topics
/…,1,1",
            ),
            (
                "Look for damage in every file of the store; silence and status 0 mean that there \
                 is none:",
                "$ streamctl store check
$ echo $?
0",
            ),
        ],
    },
];
