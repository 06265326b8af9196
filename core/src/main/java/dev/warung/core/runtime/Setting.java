package dev.warung.core.runtime;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One setting of a role. Its flag is {@code --name}, its environment variable {@code WARUNG_NAME}, its line in a file
 * {@code name=value}.
 *
 * @param fallback the text used when nobody sets it; null if it must be set
 * @param form what a valid value looks like, for messages and docs
 * @param secret whether the value must never be printed
 */
public record Setting<T>(
        String name, @Nullable String fallback, String form, String doc, boolean secret, Function<String, T> parser) {

    public static Setting<String> text(String name, @Nullable String fallback, String doc) {
        return new Setting<>(name, fallback, "text", doc, false, Function.identity());
    }

    public static Setting<String> secret(String name, @Nullable String fallback, String doc) {
        return new Setting<>(name, fallback, "text", doc, true, Function.identity());
    }

    public static Setting<Path> path(String name, @Nullable String fallback, String doc) {
        return new Setting<>(name, fallback, "path", doc, false, Path::of);
    }

    public static Setting<List<String>> list(String name, @Nullable String fallback, String doc) {
        return new Setting<>(name, fallback, "list, with commas", doc, false, Setting::splitList);
    }

    public static Setting<Boolean> flag(String name, String doc) {
        return new Setting<>(name, "false", "true or false", doc, false, Setting::parseBoolean);
    }

    public static Setting<Integer> number(String name, String fallback, String doc) {
        return new Setting<>(name, fallback, "whole number, not negative", doc, false, Setting::parseCount);
    }

    /** A size in bytes: {@code 512}, {@code 64k}, {@code 16m}, {@code 1g}. */
    public static Setting<Long> bytes(String name, String fallback, String doc) {
        return new Setting<>(name, fallback, "bytes, such as 64k, 16m, 1g", doc, false, Setting::parseBytes);
    }

    /** Where to listen: {@code 127.0.0.1:8081}. */
    public static Setting<InetSocketAddress> address(String name, String fallback, String doc) {
        return new Setting<>(name, fallback, "HOST:PORT", doc, false, Setting::parseAddress);
    }

    /** A duration: {@code 250ms}, {@code 5s}, {@code 2m}, {@code 7d}. */
    public static Setting<Duration> duration(String name, String fallback, String doc) {
        return new Setting<>(
                name, fallback, "duration, such as 250ms, 5s, 2m, 12h, 7d", doc, false, Setting::parseDuration);
    }

    public String flagName() {
        return "--" + name;
    }

    public String environmentName() {
        return "WARUNG_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    private static List<String> splitList(String text) {
        return Stream.of(text.split(",", -1))
                .map(String::strip)
                .filter(s -> !s.isEmpty())
                .toList();
    }

    private static boolean parseBoolean(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("not true or false");
        };
    }

    private static int parseCount(String text) {
        int number = Integer.parseInt(text);
        if (number < 0) {
            throw new IllegalArgumentException("negative");
        }
        return number;
    }

    private static long parseBytes(String text) {
        int unit = "kmg".indexOf(Character.toLowerCase(text.charAt(text.length() - 1)));
        String digits = unit < 0 ? text : text.substring(0, text.length() - 1);
        return Math.multiplyExact(Long.parseLong(digits), 1L << (10 * (unit + 1)));
    }

    private static InetSocketAddress parseAddress(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("no colon");
        }
        return new InetSocketAddress(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }

    /** @throws IllegalArgumentException if the text is not a number with one of the units ms, s, m, h, d */
    public static Duration parseDuration(String text) {
        String unit = text.replaceFirst("^[0-9]+", "");
        long amount = Long.parseLong(text.substring(0, text.length() - unit.length()));
        return switch (unit) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            case "d" -> Duration.ofDays(amount);
            default -> throw new IllegalArgumentException("unknown unit '" + unit + "'");
        };
    }
}
