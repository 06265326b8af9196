package dev.warung.core.where.problem;

/**
 * One thing that is wrong with a clause.
 *
 * @param position the character of the clause's text, counted from 1
 */
public record WhereProblem(int position, String message) {
    @Override
    public String toString() {
        return "at character " + position + ": " + message;
    }
}
