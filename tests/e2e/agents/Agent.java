// SPDX-License-Identifier: Apache-2.0
// agent.jar PORT FILE - as agent.py, but of Java: serves numbers on PORT, reports each question to a collector on the next port, and
// does what FILE tells it to.
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class Agent {
    interface Deed {
        void perform(String what) throws Exception;
    }

    static final InetAddress HOST = InetAddress.getLoopbackAddress();
    static final List<ServerSocket> kept = new ArrayList<>();
    static final Map<String, Deed> deeds = Map.of(
        "tcp", Agent::tcp, "udp", Agent::udp, "listen", Agent::listen, "unix", Agent::unix, "execute", Agent::execute);

    static int port;
    static Path orders;

    static void tcp(String where) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(HOST, Integer.parseInt(where)), 1000);
        } catch (IOException refused) {
            // the attempt is what counts
        }
    }

    static void udp(String where) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.send(new DatagramPacket(new byte[] {'x'}, 1, HOST, Integer.parseInt(where)));
        }
    }

    static void listen(String where) throws IOException {
        kept.add(new ServerSocket(Integer.parseInt(where), 8, HOST));
    }

    static void unix(String path) throws IOException {
        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            client.write(ByteBuffer.wrap(new byte[] {'x'}));
        }
    }

    static void execute(String command) throws Exception {
        new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
    }

    static void answer(HttpExchange question) throws IOException {
        try {
            if (Files.exists(orders)) {
                String[] words = Files.readString(orders).strip().split(" ");
                Files.delete(orders);
                deeds.get(words[0]).perform(words[1]);
            } else {
                tcp(Integer.toString(port + 1));
                execute("/usr/bin/true");
            }
        } catch (Exception failed) {
            failed.printStackTrace();
        }
        question.sendResponseHeaders(200, -1);
        question.close();
    }

    public static void main(String[] words) throws IOException {
        port = Integer.parseInt(words[0]);
        orders = Path.of(words[1]);
        HttpServer server = HttpServer.create(new InetSocketAddress(HOST, port), 8);
        server.createContext("/", Agent::answer);
        server.start();
    }
}
