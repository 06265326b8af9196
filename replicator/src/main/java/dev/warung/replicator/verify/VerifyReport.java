package dev.warung.replicator.verify;

import java.time.Instant;
import java.util.List;

/**
 * The outcome of a verification.
 *
 * @param identical whether every captured table was compared and none differs
 * @param tables how many tables were compared
 * @param rows how many rows they have in PostgreSQL
 * @param position the commit position of the comparison, an LSN
 * @param at when the comparison ended, ISO-8601
 * @param problems the tables that differ or could not be verified, and those that are not captured
 */
public record VerifyReport(
        boolean identical,
        int tables,
        long rows,
        String position,
        String at,
        long durationMs,
        List<TableResult> problems) {

    public VerifyReport {
        problems = List.copyOf(problems);
    }

    static VerifyReport of(List<TableResult> results, String position, Instant at, long durationMs) {
        List<TableResult> compared =
                results.stream().filter(VerifyReport::isCompared).toList();
        List<TableResult> problems = results.stream()
                .filter(r -> r.verdict() != TableResult.Verdict.IDENTICAL)
                .toList();
        boolean identical = problems.stream().allMatch(r -> r.verdict() == TableResult.Verdict.NOT_CAPTURED);
        long rows = compared.stream().mapToLong(r -> r.source().rows()).sum();
        return new VerifyReport(identical, compared.size(), rows, position, at.toString(), durationMs, problems);
    }

    private static boolean isCompared(TableResult result) {
        return result.verdict() == TableResult.Verdict.IDENTICAL || result.verdict() == TableResult.Verdict.DIFFERENT;
    }
}
