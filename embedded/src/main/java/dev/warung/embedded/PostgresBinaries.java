package dev.warung.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** The PostgreSQL programs from the class path, unpacked once for each user and version. */
final class PostgresBinaries {
    private final Path home;

    private PostgresBinaries(Path home) {
        this.home = home;
    }

    /** Unpacks below the given cache directory unless that was done before. */
    static PostgresBinaries unpackedIn(Path cache) {
        String archive = archiveName();
        try {
            Path home = cache.resolve("postgres-" + digestOf(archive));
            if (!Files.isDirectory(home)) {
                Files.createDirectories(cache);
                requireOwn(cache);
                unpack(archive, home);
            }
            requireOwn(home);
            return new PostgresBinaries(home);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack PostgreSQL below " + cache, e);
        }
    }

    /** In a shared directory somebody else could have put other programs there. */
    private static void requireOwn(Path directory) throws IOException {
        Path own = Files.createTempFile("warung", null);
        try {
            if (!Files.getOwner(directory).equals(Files.getOwner(own))) {
                throw new IOException(
                        directory + " belongs to " + Files.getOwner(directory) + "; remove it, or set XDG_CACHE_HOME");
            }
        } finally {
            Files.delete(own);
        }
    }

    Path program(String name) {
        return home.resolve("bin").resolve(name);
    }

    private static String archiveName() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        boolean arm = System.getProperty("os.arch").toLowerCase(Locale.ROOT).matches("aarch64|arm64");
        String system = os.contains("mac") ? "darwin" : os.contains("windows") ? "windows" : "linux";
        String variant = Files.exists(Path.of("/etc/alpine-release")) ? "-alpine_linux" : "";
        return "/postgres-" + system + "-" + (arm ? "arm_64" : "x86_64") + variant + ".txz";
    }

    private static InputStream open(String archive) throws IOException {
        InputStream stream = PostgresBinaries.class.getResourceAsStream(archive);
        if (stream == null) {
            throw new IOException("no PostgreSQL for this platform on the class path (" + archive
                    + "); use a PostgreSQL server of your own: warung up --postgres URL");
        }
        return stream;
    }

    private static String digestOf(String archive) throws IOException {
        try (DigestInputStream in = new DigestInputStream(open(archive), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Into a directory beside the target, renamed at the end: what has the final name is complete. */
    private static void unpack(String archive, Path home) throws IOException {
        Path building = Files.createTempDirectory(home.getParent(), home.getFileName() + ".building");
        Files.setPosixFilePermissions(building, permissions(0755));
        try (InputStream in = open(archive);
                TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(in))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                unpackEntry(tar, entry, building);
            }
        }
        try {
            Files.move(building, home);
        } catch (IOException e) {
            Directories.delete(building);
            if (!Files.isDirectory(home)) {
                throw e;
            }
        }
    }

    private static void unpackEntry(TarArchiveInputStream tar, TarArchiveEntry entry, Path target) throws IOException {
        Path file = target.resolve(entry.getName()).normalize();
        if (!file.startsWith(target)) {
            throw new IOException("unexpected path in the archive: " + entry.getName());
        }
        if (entry.isDirectory()) {
            Files.createDirectories(file);
            return;
        }
        Files.createDirectories(file.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
        } else if (entry.isLink()) {
            Files.createLink(file, target.resolve(entry.getLinkName()));
        } else {
            Files.copy(tar, file);
            Files.setPosixFilePermissions(file, permissions(entry.getMode() | 0444));
        }
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        PosixFilePermission[] all = PosixFilePermission.values();
        Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
        for (int bit = 0; bit < all.length; bit++) {
            if ((mode & (0400 >> bit)) != 0) {
                set.add(all[bit]);
            }
        }
        return set;
    }
}
