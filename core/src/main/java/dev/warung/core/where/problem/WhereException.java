package dev.warung.core.where.problem;

import java.util.List;
import java.util.stream.Collectors;

/** A clause that is refused, with all problems that were found. */
public final class WhereException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<WhereProblem> problems;

    public WhereException(List<WhereProblem> problems) {
        super(problems.stream().map(WhereProblem::toString).collect(Collectors.joining("; ")));
        this.problems = List.copyOf(problems);
    }

    public static WhereException at(int position, String message) {
        return new WhereException(List.of(new WhereProblem(position, message)));
    }

    public List<WhereProblem> problems() {
        return problems;
    }
}
