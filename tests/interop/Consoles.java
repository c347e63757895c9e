import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.tools.ConsoleProducer;
import org.apache.kafka.tools.consumer.ConsoleConsumer;

/**
 * Runs Kafka's own console programs against a broker, all in one virtual machine: one call a case.
 *
 * <pre>
 * Consoles BOOTSTRAP DIR
 * DIR/CASE/partitions            how many
 * DIR/CASE/config                a configuration of the topic, NAME=VALUE, or nothing
 * DIR/CASE/input                 what the producer reads
 * DIR/CASE/arguments             of the producer, without address and topic, each ended by NUL
 * DIR/CASE/status                written: what it ended with
 * DIR/CASE/prints/P/arguments    of a consumer of the whole topic
 * DIR/CASE/prints/P/kafka        written: what it printed
 * </pre>
 */
public final class Consoles {
    private final String bootstrap;
    private final PrintStream stdout = System.out;
    private final PrintStream stderr = System.err;
    private final InputStream stdin = System.in;

    private Consoles(String bootstrap) {
        this.bootstrap = bootstrap;
    }

    public static void main(String[] args) throws Exception {
        var consoles = new Consoles(args[0]);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", args[0]))) {
            for (Path folder : folders(Path.of(args[1]))) {
                consoles.run(admin, folder);
            }
        }
        consoles.stdout.flush();
        Runtime.getRuntime().halt(0);
    }

    private static List<Path> folders(Path parent) throws Exception {
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(parent)) {
            return entries.sorted().toList();
        }
    }

    private void run(Admin admin, Path folder) throws Exception {
        String topic = folder.getFileName().toString();
        int partitions = Integer.parseInt(Files.readString(folder.resolve("partitions")).trim());
        String config = Files.readString(folder.resolve("config")).trim();
        var wanted = new NewTopic(topic, partitions, (short) 1);
        if (!config.isEmpty()) {
            String[] pair = config.split("=", 2);
            wanted.configs(Map.of(pair[0], pair[1]));
        }
        admin.createTopics(List.of(wanted)).all().get();

        var producer = arguments(folder, "--topic", topic);
        byte[] input = Files.readAllBytes(folder.resolve("input"));
        int status = call(input, folder.resolve("log"), null, () -> ConsoleProducer.main(producer));
        Files.writeString(folder.resolve("status"), status + "\n");

        for (Path print : folders(folder.resolve("prints"))) {
            var out = new ByteArrayOutputStream();
            for (int partition = 0; partition < partitions; partition++) {
                long end = end(admin, topic, partition);
                if (end > 0) {
                    var consumer = arguments(print, "--topic", topic,
                            "--partition", "" + partition, "--offset", "earliest",
                            "--max-messages", "" + end);
                    call(new byte[0], print.resolve("log"), out, () -> {
                        Field count = ConsoleConsumer.class.getDeclaredField("messageCount");
                        count.setAccessible(true);
                        count.setInt(null, 0);
                        ConsoleConsumer.main(consumer);
                    });
                }
            }
            Files.write(print.resolve("kafka"), out.toByteArray());
        }
    }

    private static long end(Admin admin, String topic, int partition) throws Exception {
        var wanted = new TopicPartition(topic, partition);
        return admin.listOffsets(Map.of(wanted, OffsetSpec.latest())).partitionResult(wanted).get()
                .offset();
    }

    private String[] arguments(Path folder, String... more) throws Exception {
        var arguments = new ArrayList<>(List.of("--bootstrap-server", bootstrap));
        arguments.addAll(Arrays.asList(more));
        String given = Files.readString(folder.resolve("arguments"));
        if (!given.isEmpty()) {
            arguments.addAll(Arrays.asList(given.substring(0, given.length() - 1).split("\0", -1)));
        }
        return arguments.toArray(String[]::new);
    }

    private interface Program {
        void main() throws Exception;
    }

    private static final class Exited extends Error {
        final int status;

        Exited(int status) {
            this.status = status;
        }
    }

    /** Returns the exit status. Hooks run as at the end of a virtual machine. */
    private int call(byte[] input, Path log, ByteArrayOutputStream out, Program program)
            throws Exception {
        var hooks = new ArrayList<Runnable>();
        Exit.setShutdownHookAdder((name, hook) -> hooks.add(hook));
        Exit.setExitProcedure((status, message) -> {
            throw new Exited(status);
        });
        var messages = new ByteArrayOutputStream();
        System.setIn(new ByteArrayInputStream(input));
        System.setOut(new PrintStream(out == null ? messages : out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(messages, true, StandardCharsets.UTF_8));
        int status = 0;
        try {
            program.main();
        } catch (Exited exited) {
            status = exited.status;
        } finally {
            // The consumer's hook waits for its main loop, which is over.
            if (out == null) {
                hooks.forEach(Runnable::run);
            }
            System.out.flush();
            System.setIn(stdin);
            System.setOut(stdout);
            System.setErr(stderr);
            Files.write(log, messages.toByteArray());
        }
        return status;
    }
}
