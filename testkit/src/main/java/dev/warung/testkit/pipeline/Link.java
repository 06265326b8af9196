package dev.warung.testkit.pipeline;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The way from a device to a server: a TCP relay that can be cut. A cut link ends its connections and every new one, or it falls silent: what
 * is sent stays on the way, and nobody hears of it.
 *
 * <p>Thread: cut and mended by one thread at a time.
 */
public final class Link implements AutoCloseable {

    private static final int BUFFER = 16 << 10;
    private static final int CONNECT_LIMIT_MS = 1_000;

    private final ServerSocket entry;
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile State state = State.WELL;

    /** How a link is. */
    public enum State {
        WELL,
        REFUSED,
        SILENT
    }

    private Link(ServerSocket entry, int target) {
        this.entry = entry;
        this.target = target;
    }

    /**
     * Relays from one port of 127.0.0.1 to another.
     *
     * @param port where the device connects to
     * @param target where the server listens, now or later
     */
    public static Link start(int port, int target) {
        try {
            Link link =
                    new Link(new ServerSocket(port, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1})), target);
            begin("link-" + port, link::accept);
            return link;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return entry.getLocalPort();
    }

    public State state() {
        return state;
    }

    /** Cuts it, or mends it. What was on the way when it fell silent is lost. */
    public void become(State next) {
        State before = state;
        state = next;
        if (next == State.REFUSED || before == State.SILENT) {
            sockets.forEach(Link::end);
        }
    }

    private void accept() {
        while (!entry.isClosed()) {
            try {
                Socket device = entry.accept();
                if (state == State.REFUSED) {
                    end(device);
                } else {
                    sockets.add(device);
                    begin("link-up-" + port(), () -> relay(device));
                }
            } catch (IOException e) {
                // Closed, or the device is gone again.
            }
        }
    }

    private void relay(Socket device) {
        try (device;
                Socket server = new Socket()) {
            server.connect(
                    new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), target),
                    CONNECT_LIMIT_MS);
            server.setTcpNoDelay(true);
            device.setTcpNoDelay(true);
            sockets.add(server);
            Thread down = begin("link-down-" + port(), () -> copy(server, device));
            copy(device, server);
            down.join();
            sockets.remove(server);
        } catch (IOException e) {
            // The server does not listen: the device is told by the end of its connection.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sockets.remove(device);
    }

    /** Until one side ends; then the other ends too. */
    private void copy(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (state == State.WELL) {
                    out.write(buffer, 0, n);
                }
            }
        } catch (IOException e) {
            // The connection is gone.
        }
        end(from);
        end(to);
    }

    private static Thread begin(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is closed.
        }
    }

    @Override
    public void close() {
        try {
            entry.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        sockets.forEach(Link::end);
    }
}
