package dev.warung.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Free ports below the ephemeral range: a port from that range may be given to an outgoing connection while its server is
 * down, and then the server cannot come back on it.
 */
public final class Ports {
    private static final int FIRST = 20_000;
    private static final int LAST = 30_000;
    private static final int TRIES = 1_000;
    private static final int CONNECT_LIMIT_MS = 1_000;

    private Ports() {}

    /** A port of 127.0.0.1 that nobody listens on now. */
    public static int free() {
        for (int i = 0; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port between " + FIRST + " and " + LAST + " on 127.0.0.1");
    }

    /** The port this file names if it can still be had, else a new one, which is then written to it. */
    public static int remembered(Path file) {
        try {
            if (Files.exists(file)) {
                int port = Integer.parseInt(Files.readString(file).trim());
                if (isFree(port)) {
                    return port;
                }
            }
            int port = free();
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, port + "\n");
            return port;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether somebody accepts connections; asked by connecting, because a bind would keep the server that starts from its port. */
    static boolean isListening(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), CONNECT_LIMIT_MS);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
