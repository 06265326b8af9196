package dev.warung.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Under which account PostgreSQL runs: it refuses root. As root it gets a user namespace of its own where that is allowed
 * (files stay root's), else the account {@code nobody}, to whom its directory is then given.
 */
enum PostgresAccount {
    OWN {
        @Override
        List<String> prefix() {
            return List.of();
        }
    },
    NAMESPACE {
        @Override
        List<String> prefix() {
            return List.of("unshare", "-U");
        }
    },
    NOBODY {
        @Override
        List<String> prefix() {
            return List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
        }
    };

    abstract List<String> prefix();

    static PostgresAccount detect() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return OWN;
        }
        for (PostgresAccount account : List.of(NAMESPACE, NOBODY)) {
            if (account.works()) {
                return account;
            }
        }
        throw new IllegalStateException(
                "PostgreSQL does not run as root, and neither unshare nor setpriv work here;"
                        + " run this command as another user, or use a PostgreSQL server of your own: warung up --postgres URL");
    }

    private boolean works() {
        List<String> command = new ArrayList<>(prefix());
        command.add("true");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException missing) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Makes the directory (and what is in it) accessible to the account. */
    void give(Path directory) {
        if (this != NOBODY) {
            return;
        }
        run(List.of("chown", "-R", "65534:65534", directory.toString()));
    }

    /** Where the programs are unpacked; the account must be able to reach it. */
    Path cache() {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path home = Path.of(System.getProperty("user.home"));
        if (this != NOBODY && Files.isWritable(home)) {
            return (cache == null || cache.isBlank() ? home.resolve(".cache") : Path.of(cache)).resolve("warung");
        }
        return Path.of(System.getProperty("java.io.tmpdir"), "warung-" + System.getProperty("user.name"));
    }

    private static void run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command).inheritIO().start();
            if (process.waitFor() != 0) {
                throw new IllegalStateException("failed: " + String.join(" ", command));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
