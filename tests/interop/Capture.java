import java.io.File;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.FileRecords;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;

/**
 * Fills the topics of a real broker with every kind of record, and writes down what Java's own
 * consumer reads back: one JSON line a record, bytes as base64.
 *
 * <pre>
 * Capture ports N                          prints N free loopback ports
 * Capture fill BOOTSTRAP DIR               creates, produces, consumes; writes DIR/TOPIC.json
 * Capture read SEGMENT...                  prints what Kafka's own classes read from files
 * </pre>
 */
public final class Capture {
    private static final long T0 = 1_700_000_000_000L;
    private static final List<String> CODECS = List.of("none", "gzip", "snappy", "lz4", "zstd");

    private final String bootstrap;
    private final Path directory;

    private Capture(String bootstrap, Path directory) {
        this.bootstrap = bootstrap;
        this.directory = directory;
    }

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "ports" -> ports(Integer.parseInt(args[1]));
            case "read" -> read(args);
            case "fill" -> new Capture(args[1], Path.of(args[2])).fill();
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static void ports(int count) throws Exception {
        List<ServerSocket> held = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        }
        for (ServerSocket socket : held) {
            System.out.println(socket.getLocalPort());
            socket.close();
        }
    }

    private static void read(String[] args) throws Exception {
        try (var out = new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8))) {
            for (int i = 1; i < args.length; i++) {
                try (FileRecords segment = FileRecords.open(new File(args[i]), false)) {
                    for (RecordBatch batch : segment.batches()) {
                        batch.ensureValid();
                        for (Record record : batch) {
                            record.ensureValid();
                            out.print(json(record.offset(), 0, record.timestamp(),
                                batch.timestampType().toString(), bytes(record.key()),
                                bytes(record.value()), List.of(record.headers())));
                        }
                    }
                }
            }
        }
    }

    private void fill() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            List<NewTopic> topics = new ArrayList<>();
            for (String codec : CODECS) {
                topics.add(topic(codec, Map.of()));
            }
            topics.add(topic("append-time", Map.of("message.timestamp.type", "LogAppendTime")));
            topics.add(topic("idempotent", Map.of()));
            topics.add(topic("transactions", Map.of()));
            topics.add(topic("rolled", Map.of("segment.ms", "60000")));
            topics.add(topic("compacted", Map.of(
                "cleanup.policy", "compact", "segment.ms", "60000",
                "min.cleanable.dirty.ratio", "0.01", "delete.retention.ms", "3600000")));
            admin.createTopics(topics).all().get();
        }
        for (String codec : CODECS) {
            try (var producer = producer(codec, Map.of())) {
                everyKind(producer, codec, !codec.equals("none"));
            }
        }
        try (var producer = producer("none", Map.of()); var packed = producer("lz4", Map.of())) {
            for (int i = 0; i < 5; i++) {
                send(producer, "append-time", T0 + i, "key" + i, "plain " + i);
            }
            producer.flush();
            for (int i = 0; i < 5; i++) {
                send(packed, "append-time", T0 + 10 - i, "key" + i, "packed " + i);
            }
        }
        try (var producer = producer("none", Map.of("enable.idempotence", "true", "acks", "all"))) {
            for (int i = 0; i < 12; i++) {
                send(producer, "idempotent", T0 + i, null, "numbered " + i);
                if (i % 4 == 3) {
                    producer.flush();
                }
            }
        }
        transactions();
        try (var producer = producer("none", Map.of())) {
            for (int i = 0; i < 12; i++) {
                send(producer, "rolled", T0 + i * 20_000L, "key" + i % 3, "segment by time " + i);
                producer.flush();
            }
        }
        compacted();
        for (String topic : CODECS) {
            consume(topic, topic, "read_uncommitted");
        }
        for (String topic : List.of("append-time", "idempotent", "transactions", "rolled", "compacted")) {
            consume(topic, topic, "read_uncommitted");
        }
        consume("transactions", "transactions.committed", "read_committed");
    }

    /** Keys, values and headers: null, empty, text, binary; times that go back; small and large. */
    private void everyKind(KafkaProducer<byte[], byte[]> producer, String topic, boolean large) {
        send(producer, topic, T0, null, "hello");
        producer.flush();

        send(producer, topic, T0 + 1, "key", "value");
        send(producer, topic, T0 + 2, "", "");
        send(producer, topic, T0 + 3, "tombstone", null);
        send(producer, topic, T0 + 4, null, null);
        send(producer, topic, T0 + 5, null, "");
        send(producer, topic, T0 - 86_400_000, "earlier", "a day before the first of its batch");
        send(producer, topic, 0, "epoch", "time 0");
        send(producer, topic, T0 + 7, "naïve ключ 鍵", "значение 値 \u0000 \t \r \" \\");
        producer.flush();

        byte[] every = new byte[256];
        for (int i = 0; i < every.length; i++) {
            every[i] = (byte) i;
        }
        send(producer, topic, T0 + 10, utf8("one"), utf8("one header"), header("h", utf8("v")));
        send(producer, topic, T0 + 11, null, utf8("many"),
            header("a", utf8("1")), header("null", null), header("empty", new byte[0]),
            header("", utf8("no name")), header("a", utf8("again")), header("заголовок", every));
        send(producer, topic, T0 + 12, every, every, header("tombstone", null));
        send(producer, topic, T0 + 13, utf8("k"), null, header("reason", utf8("deleted")));
        producer.flush();

        for (int i = 0; i < 60; i++) {
            String line = "{\"device\":" + i % 7 + ",\"temperature\":" + (200 + i * 37 % 83) / 10.0 + "}";
            send(producer, topic, T0 + 1000 + i * 250L, i % 5 == 0 ? null : "device-" + i % 7, line);
        }
        producer.flush();

        byte[] noise = new byte[1500];
        new Random(7).nextBytes(noise);
        send(producer, topic, T0 + 50_000, utf8("noise"), noise);
        producer.flush();

        if (large) {
            // More than one block of any codec's framing (snappy: 32 KiB, lz4: 64 KiB).
            byte[] text = utf8("All work and no play makes a long record. ".repeat(1700));
            send(producer, topic, T0 + 60_000, utf8("large"), text);
            producer.flush();
        }
    }

    private void transactions() {
        Map<String, String> extra = Map.of("transactional.id", "capture", "acks", "all");
        try (var producer = producer("none", extra)) {
            producer.initTransactions();
            for (String end : List.of("committed", "aborted", "committed too")) {
                producer.beginTransaction();
                for (int i = 0; i < 3; i++) {
                    send(producer, "transactions", T0 + i, end, end + " " + i);
                }
                producer.flush();
                if (end.equals("aborted")) {
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                }
            }
        }
    }

    /** Writes keys over and over, then waits until the cleaner has removed what was overwritten. */
    private void compacted() throws Exception {
        try (var producer = producer("none", Map.of())) {
            for (int i = 0; i < 40; i++) {
                send(producer, "compacted", T0 + i, "key" + i % 10, i == 37 ? null : "version " + i);
                if (i % 8 == 7) {
                    producer.flush();
                }
            }
            // A record a long time later closes the segment: the active one is never cleaned.
            send(producer, "compacted", T0 + 3_600_000, "last", "in a segment of its own");
            producer.flush();
        }
        for (int tries = 0; tries < 120; tries++) {
            if (read("compacted", "read_uncommitted").size() < 41) {
                return;
            }
            Thread.sleep(500);
        }
        throw new IllegalStateException("the log cleaner did not clean within a minute");
    }

    private void consume(String topic, String name, String isolation) throws Exception {
        try (var out = new PrintWriter(Files.newBufferedWriter(directory.resolve(name + ".json")))) {
            for (ConsumerRecord<byte[], byte[]> record : read(topic, isolation)) {
                out.print(json(record.offset(), record.partition(), record.timestamp(),
                    record.timestampType().toString(), record.key(), record.value(),
                    record.headers()));
            }
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> read(String topic, String isolation) {
        Properties config = new Properties();
        config.put("bootstrap.servers", bootstrap);
        config.put("key.deserializer", ByteArrayDeserializer.class.getName());
        config.put("value.deserializer", ByteArrayDeserializer.class.getName());
        config.put("isolation.level", isolation);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (var consumer = new KafkaConsumer<byte[], byte[]>(config)) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        }
        return records;
    }

    private KafkaProducer<byte[], byte[]> producer(String codec, Map<String, String> extra) {
        Properties config = new Properties();
        config.put("bootstrap.servers", bootstrap);
        config.put("key.serializer", ByteArraySerializer.class.getName());
        config.put("value.serializer", ByteArraySerializer.class.getName());
        config.put("compression.type", codec);
        config.put("linger.ms", "10000");
        config.put("max.request.size", "4000000");
        if (!extra.containsKey("transactional.id") && !extra.containsKey("enable.idempotence")) {
            config.put("enable.idempotence", "false");
        }
        config.putAll(extra);
        return new KafkaProducer<>(config);
    }

    /** One partition and, unless `config` says otherwise, one segment however old its records. */
    private static NewTopic topic(String name, Map<String, String> config) {
        Map<String, String> all = new HashMap<>(Map.of("segment.ms", "3153600000000"));
        all.putAll(config);
        return new NewTopic(name, 1, (short) 1).configs(all);
    }

    private static void send(
        KafkaProducer<byte[], byte[]> producer, String topic, long time, String key, String value) {
        send(producer, topic, time, utf8(key), utf8(value));
    }

    private static void send(
        KafkaProducer<byte[], byte[]> producer, String topic, long time, byte[] key, byte[] value,
        Header... headers) {
        producer.send(new ProducerRecord<>(topic, 0, time, key, value, List.of(headers)), (done, error) -> {
            if (error != null) {
                error.printStackTrace();
                System.exit(1);
            }
        });
    }

    private static Header header(String key, byte[] value) {
        return new RecordHeader(key, value);
    }

    private static String json(
        long offset, int partition, long timestamp, String timestampType, byte[] key, byte[] value,
        Iterable<Header> headers) {
        StringBuilder pairs = new StringBuilder();
        for (Header header : headers) {
            pairs.append(pairs.length() == 0 ? "" : ",").append('[')
                .append(base64(utf8(header.key()))).append(',')
                .append(base64(header.value())).append(']');
        }
        return "{\"offset\":" + offset + ",\"partition\":" + partition
            + ",\"timestamp\":" + timestamp + ",\"timestampType\":\"" + timestampType + "\""
            + ",\"key\":" + base64(key) + ",\"value\":" + base64(value)
            + ",\"headers\":[" + pairs + "]}\n";
    }

    private static byte[] bytes(ByteBuffer buffer) {
        return buffer == null ? null : Utils.toArray(buffer);
    }

    private static byte[] utf8(String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    private static String base64(byte[] bytes) {
        return bytes == null ? "null" : '"' + Base64.getEncoder().encodeToString(bytes) + '"';
    }
}
