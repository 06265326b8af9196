package dev.warung.core.shape;

import java.util.List;
import java.util.stream.Collectors;

/** A shape that is refused, with all problems that were found. */
public final class ShapeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<ShapeProblem> problems;

    public ShapeException(List<ShapeProblem> problems) {
        super(problems.stream().map(ShapeProblem::toString).collect(Collectors.joining("; ")));
        this.problems = List.copyOf(problems);
    }

    public List<ShapeProblem> problems() {
        return problems;
    }
}
