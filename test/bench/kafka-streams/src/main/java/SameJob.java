import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.datasketches.hll.HllSketch;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Suppressed;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * Per-account tumbling windows of a minute over Avro calls: calls, tokens, errors, a distinct-address sketch; one final row a window; exactly once. Written as
 * Kafka Streams' own documentation would: the DSL, its default stores, changelogs on. One thread, one instance. Prints one line of JSON when all calls are through.
 *
 * <p>Arguments: brokers, topic, calls in it, schema file, run name, commit interval in milliseconds, output topic.
 */
public final class SameJob {
  /** Decodes what the job needs, as the other side of the comparison does: an Avro projection to six of the fields. */
  record Call(long occurredAt, String accountId, long tokens, boolean isError, String sourceIp) {}

  private static final String[] WANTED = {
    "occurred_at", "account_id", "source_ip", "input_tokens", "output_tokens", "status_code"
  };

  private static final class CallDeserializer implements Deserializer<Call> {
    private static final int HEADER = 5; // Confluent: a zero and the schema's id
    private final GenericDatumReader<GenericRecord> reader;
    private BinaryDecoder decoder;
    private GenericRecord reused;

    CallDeserializer(Schema writer) {
      Schema projection = Schema.createRecord(writer.getName(), null, writer.getNamespace(), false);
      projection.setFields(
          java.util.Arrays.stream(WANTED)
              .map(name -> new Schema.Field(writer.getField(name), writer.getField(name).schema()))
              .toList());
      reader = new GenericDatumReader<>(writer, projection);
    }

    @Override
    public Call deserialize(String topic, byte[] bytes) {
      try {
        decoder = DecoderFactory.get().binaryDecoder(bytes, HEADER, bytes.length - HEADER, decoder);
        reused = reader.read(reused, decoder);
      } catch (java.io.IOException error) {
        throw new java.io.UncheckedIOException(error);
      }
      Object ip = reused.get("source_ip");
      return new Call(
          (Long) reused.get("occurred_at"),
          reused.get("account_id").toString(),
          (Integer) reused.get("input_tokens") + (Integer) reused.get("output_tokens"),
          (Integer) reused.get("status_code") >= 400,
          ip == null ? null : ip.toString());
    }
  }

  private static final class CallSerde extends Serdes.WrapperSerde<Call> {
    CallSerde(Schema writer) {
      super(
          (topic, call) -> {
            throw new UnsupportedOperationException("calls are only read");
          },
          new CallDeserializer(writer));
    }
  }

  private static final class Window {
    long calls;
    long tokens;
    long errors;
    HllSketch addresses = new HllSketch(10);

    Window add(Call call) {
      calls++;
      tokens += call.tokens();
      if (call.isError()) errors++;
      if (call.sourceIp() != null) addresses.update(call.sourceIp());
      return this;
    }
  }

  private static final class WindowSerde implements Serde<Window> {
    private static final int NUMBERS = 3 * Long.BYTES;

    @Override
    public Serializer<Window> serializer() {
      return (topic, window) -> {
        byte[] sketch = window.addresses.toCompactByteArray();
        return ByteBuffer.allocate(NUMBERS + sketch.length)
            .putLong(window.calls)
            .putLong(window.tokens)
            .putLong(window.errors)
            .put(sketch)
            .array();
      };
    }

    @Override
    public Deserializer<Window> deserializer() {
      return (topic, bytes) -> {
        if (bytes == null) return null;
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        Window window = new Window();
        window.calls = buffer.getLong();
        window.tokens = buffer.getLong();
        window.errors = buffer.getLong();
        window.addresses = HllSketch.heapify(java.util.Arrays.copyOfRange(bytes, NUMBERS, bytes.length));
        return window;
      };
    }
  }

  private static final class EventTime implements TimestampExtractor {
    @Override
    public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
      return ((Call) record.value()).occurredAt();
    }
  }

  public static void main(String[] args) throws Exception {
    String brokers = args[0];
    String topic = args[1];
    long events = Long.parseLong(args[2]);
    Schema schema = new Schema.Parser().parse(Files.readString(Path.of(args[3])));
    String run = args[4];
    String output = args[6];

    Properties properties = new Properties();
    properties.putAll(
        Map.of(
            StreamsConfig.APPLICATION_ID_CONFIG, run,
            StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, brokers,
            StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2,
            StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, args[5],
            StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1,
            StreamsConfig.REPLICATION_FACTOR_CONFIG, 1,
            StreamsConfig.STATE_DIR_CONFIG, Files.createTempDirectory("same-job").toString(),
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"));

    OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    AtomicLong seen = new AtomicLong();
    AtomicLong cpuBefore = new AtomicLong();
    CountDownLatch done = new CountDownLatch(1);
    StreamsBuilder builder = new StreamsBuilder();
    builder.stream(
            topic, Consumed.with(Serdes.String(), new CallSerde(schema)).withTimestampExtractor(new EventTime()))
        .peek(
            (key, call) -> {
              long count = seen.incrementAndGet();
              if (count == 1) cpuBefore.set(system.getProcessCpuTime());
              if (count == events) done.countDown();
            })
        .groupByKey(Grouped.with(Serdes.String(), new CallSerde(schema)))
        .windowedBy(TimeWindows.ofSizeAndGrace(Duration.ofMinutes(1), Duration.ofMinutes(1)))
        .aggregate(
            Window::new, (account, call, window) -> window.add(call), Materialized.with(Serdes.String(), new WindowSerde()))
        .suppress(Suppressed.untilWindowCloses(Suppressed.BufferConfig.unbounded()))
        .toStream((window, value) -> window.key() + " " + window.window().start())
        .to(output, Produced.with(Serdes.String(), new WindowSerde()));

    KafkaStreams streams = new KafkaStreams(builder.build(), properties);
    streams.setUncaughtExceptionHandler(
        error -> {
          error.printStackTrace();
          Runtime.getRuntime().halt(1);
          return null;
        });
    streams.start();
    done.await();
    // The last commit is part of the job.
    Thread.sleep(2 * Long.parseLong(args[5]));
    double seconds = (system.getProcessCpuTime() - cpuBefore.get()) / 1e9;
    String peak =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmHWM"))
            .findFirst()
            .map(line -> line.replaceAll("\\D", ""))
            .orElse("0");
    System.out.printf("{\"cpuSeconds\":%.3f,\"peakMemoryMb\":%.1f}%n", seconds, Long.parseLong(peak) / 1024.0);
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }
}
