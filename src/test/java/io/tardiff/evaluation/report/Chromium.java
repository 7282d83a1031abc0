package io.tardiff.evaluation.report;

import static com.google.common.base.Preconditions.checkState;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.Streams;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A page in headless Chromium, driven by the Chrome DevTools protocol. Chromium is asked to make no
 * connection of its own.
 */
final class Chromium implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome");

  private final Process process;
  private final WebSocket socket;
  private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private volatile CompletableFuture<Void> loaded = new CompletableFuture<>();
  private int last;
  private String session = "";

  /** Returns the program, if it is installed. */
  static Optional<Path> program() {
    return Stream.of(System.getenv("PATH").split(":"))
        .flatMap(directory -> NAMES.stream().map(name -> Path.of(directory, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Starts Chromium with an empty profile in {@code profile}. */
  static Chromium start(Path program, Path profile) throws Exception {
    Process process =
        new ProcessBuilder(
                program.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--hide-scrollbars",
                "--user-data-dir=" + profile,
                "--remote-debugging-port=0",
                "about:blank")
            .redirectErrorStream(true)
            .start();
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String address = null;
    for (String line; address == null && (line = output.readLine()) != null; ) {
      address = line.startsWith("DevTools listening on ") ? line.substring(22).strip() : null;
    }
    checkState(address != null, "Chromium did not start");
    // What it prints must be read, or it stops when the pipe is full.
    Thread reader = new Thread(() -> output.lines().forEach(line -> {}));
    reader.setDaemon(true);
    reader.start();
    Chromium chromium = new Chromium(process, URI.create(address));
    JsonNode target =
        chromium.call("Target.createTarget", Map.of("url", "about:blank")).path("targetId");
    chromium.session =
        chromium
            .call("Target.attachToTarget", Map.of("targetId", target.asText(), "flatten", true))
            .path("sessionId")
            .asText();
    for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
      chromium.call(domain + ".enable", Map.of());
    }
    return chromium;
  }

  private Chromium(Process process, URI address) {
    this.process = process;
    this.socket =
        HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(address, new Listener()).join();
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean isLast) {
      text.append(part);
      if (isLast) {
        try {
          receive(JSON.readTree(text.toString()));
        } catch (IOException e) {
          throw new IllegalStateException(e);
        }
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }
  }

  private void receive(JsonNode message) {
    JsonNode parameters = message.path("params");
    switch (message.path("method").asText()) {
      case "" -> {
        CompletableFuture<JsonNode> answer = answers.remove(message.path("id").asInt());
        if (message.has("error")) {
          answer.completeExceptionally(new IllegalStateException(message.path("error").toString()));
        } else {
          answer.complete(message.path("result"));
        }
      }
      case "Page.loadEventFired" -> loaded.complete(null);
      case "Runtime.exceptionThrown" -> complaints.add(parameters.toString());
      case "Runtime.consoleAPICalled" -> complaints.add(parameters.path("args").toString());
      case "Log.entryAdded" -> complaints.add(parameters.path("entry").toString());
      case "Network.requestWillBeSent" ->
          requests.add(parameters.path("request").path("url").asText());
      default -> {}
    }
  }

  /** Calls a method of the protocol. */
  JsonNode call(String method, Map<String, ?> parameters) throws Exception {
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    answers.put(++last, answer);
    ObjectNode message = JSON.createObjectNode().put("id", last).put("method", method);
    message.set("params", JSON.valueToTree(parameters));
    if (!session.isEmpty()) {
      message.put("sessionId", session);
    }
    socket.sendText(message.toString(), true).get(60, TimeUnit.SECONDS);
    return answer.get(120, TimeUnit.SECONDS);
  }

  /** Opens a file and waits until it is loaded. */
  void open(Path file) throws Exception {
    loaded = new CompletableFuture<>();
    complaints.clear();
    requests.clear();
    call("Page.navigate", Map.of("url", file.toUri().toString()));
    loaded.get(120, TimeUnit.SECONDS);
  }

  /** Returns the value of an expression, awaited if it is a promise. */
  JsonNode evaluate(String expression) throws Exception {
    JsonNode result =
        call(
            "Runtime.evaluate",
            Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
    checkState(!result.has("exceptionDetails"), "%s: %s", expression, result);
    return result.path("result").path("value");
  }

  /** Returns the texts of an expression whose value is an array of strings. */
  List<String> texts(String expression) throws Exception {
    return Streams.stream(evaluate(expression)).map(JsonNode::asText).toList();
  }

  /** Sets the size of the window in CSS pixels, and waits until it is drawn. */
  void resize(int width, int height) throws Exception {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    settle();
  }

  void media(String type, boolean dark) throws Exception {
    call(
        "Emulation.setEmulatedMedia",
        Map.of(
            "media",
            type,
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    settle();
  }

  /** Waits for two frames, after which observers have run. */
  private void settle() throws Exception {
    evaluate(
        "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() =>"
            + " setTimeout(done, 100))))");
  }

  /** Presses a key. */
  void press(String key) throws Exception {
    int code =
        switch (key) {
          case "Tab" -> 9;
          case "ArrowDown" -> 40;
          case " " -> 32;
          default -> 13;
        };
    for (String type : List.of("keyDown", "keyUp")) {
      call(
          "Input.dispatchKeyEvent",
          Map.of(
              "type", type,
              "key", key,
              "code", key.equals(" ") ? "Space" : key,
              "windowsVirtualKeyCode", code,
              "text", key.equals(" ") && type.equals("keyDown") ? " " : ""));
    }
    settle();
  }

  /** Writes a picture of the whole page. */
  void screenshot(Path file) throws Exception {
    // Of a window as high as the page: a picture beyond the window changes its size, and so the
    // page.
    int width = evaluate("innerWidth").asInt();
    int height = evaluate("innerHeight").asInt();
    resize(width, evaluate("document.documentElement.scrollHeight").asInt());
    JsonNode picture = call("Page.captureScreenshot", Map.of("format", "png"));
    resize(width, height);
    Files.write(file, Base64.getDecoder().decode(picture.path("data").asText()));
  }

  /** Returns the page as it is printed on A4. */
  byte[] print() throws Exception {
    JsonNode printed =
        call(
            "Page.printToPDF",
            Map.of(
                "paperWidth",
                8.27,
                "paperHeight",
                11.69,
                "printBackground",
                true,
                "preferCSSPageSize",
                true));
    return Base64.getDecoder().decode(printed.path("data").asText());
  }

  /** Errors, warnings and other messages in the console since the page was opened. */
  List<String> complaints() {
    return new ArrayList<>(complaints);
  }

  /** Addresses that the page asked for since it was opened, itself included. */
  List<String> requests() {
    return new ArrayList<>(requests);
  }

  @Override
  public void close() throws Exception {
    session = "";
    try {
      call("Browser.close", Map.of());
    } finally {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
  }
}
