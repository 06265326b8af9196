package dev.warung.core.where.bind;

import dev.warung.core.where.problem.EvaluationException;
import dev.warung.core.where.type.Dates;
import dev.warung.core.where.type.Interval;
import dev.warung.core.where.type.SqlType;
import java.util.List;

/** Arithmetic on dates, times and intervals, in UTC. */
final class TimeOperators {

    private TimeOperators() {}

    static void addTo(OperatorList list) {
        dates(list);
        intervals(list);
        SqlType time = SqlType.TIME;
        for (SqlType timestamp : List.of(SqlType.TIMESTAMP, SqlType.TIMESTAMPTZ)) {
            addInterval(list, timestamp);
            list.two("-", timestamp, timestamp, SqlType.INTERVAL, (a, b) -> Dates.between((Long) b, (Long) a));
        }
        list.two("+", time, SqlType.INTERVAL, time, (a, b) -> timePlus((Long) a, (Interval) b, 1));
        list.two("+", SqlType.INTERVAL, time, time, (a, b) -> timePlus((Long) b, (Interval) a, 1));
        list.two("-", time, SqlType.INTERVAL, time, (a, b) -> timePlus((Long) a, (Interval) b, -1));
        list.two("-", time, time, SqlType.INTERVAL, (a, b) -> new Interval(0, 0, (Long) a - (Long) b));
    }

    private static void addInterval(OperatorList list, SqlType timestamp) {
        SqlType interval = SqlType.INTERVAL;
        if (timestamp.is(SqlType.Kind.TIMESTAMPTZ)) {
            list.late("+", timestamp, interval, timestamp, (a, b) -> Dates.plus((Long) a, (Interval) b));
            list.late("+", interval, timestamp, timestamp, (a, b) -> Dates.plus((Long) b, (Interval) a));
            list.late("-", timestamp, interval, timestamp, (a, b) -> Dates.plus((Long) a, ((Interval) b).negate()));
        } else {
            list.two("+", timestamp, interval, timestamp, (a, b) -> Dates.plus((Long) a, (Interval) b));
            list.two("+", interval, timestamp, timestamp, (a, b) -> Dates.plus((Long) b, (Interval) a));
            list.two("-", timestamp, interval, timestamp, (a, b) -> Dates.plus((Long) a, ((Interval) b).negate()));
        }
    }

    private static void dates(OperatorList list) {
        SqlType date = SqlType.DATE;
        SqlType timestamp = SqlType.TIMESTAMP;
        list.two("+", date, SqlType.INT4, date, (a, b) -> moved((Long) a, (Long) b));
        list.two("+", SqlType.INT4, date, date, (a, b) -> moved((Long) b, (Long) a));
        list.two("-", date, SqlType.INT4, date, (a, b) -> moved((Long) a, -(Long) b));
        list.two("-", date, date, SqlType.INT4, (a, b) -> days((Long) a, (Long) b));
        list.two("+", date, SqlType.TIME, timestamp, (a, b) -> dateAndTime((Long) a, (Long) b));
        list.two("+", SqlType.TIME, date, timestamp, (a, b) -> dateAndTime((Long) b, (Long) a));
        list.two(
                "+",
                date,
                SqlType.INTERVAL,
                timestamp,
                (a, b) -> Dates.plus(Dates.toTimestamp((Long) a), (Interval) b));
        list.two(
                "+",
                SqlType.INTERVAL,
                date,
                timestamp,
                (a, b) -> Dates.plus(Dates.toTimestamp((Long) b), (Interval) a));
        list.two(
                "-",
                date,
                SqlType.INTERVAL,
                timestamp,
                (a, b) -> Dates.plus(Dates.toTimestamp((Long) a), ((Interval) b).negate()));
    }

    private static Object moved(long day, long by) {
        return Dates.isInfinite(day) ? day : Dates.checkDate(day + by);
    }

    private static Object days(long left, long right) {
        if (Dates.isInfinite(left) || Dates.isInfinite(right)) {
            throw new EvaluationException("cannot subtract infinite dates");
        }
        return left - right;
    }

    private static Object dateAndTime(long day, long micros) {
        long midnight = Dates.toTimestamp(day);
        return Dates.isInfinite(midnight) ? midnight : Dates.checkTimestamp(midnight + micros);
    }

    private static Object timePlus(long micros, Interval interval, int sign) {
        if (interval.isInfinite()) {
            throw new EvaluationException(
                    sign > 0 ? "cannot add infinite interval to time" : "cannot subtract infinite interval from time");
        }
        return Math.floorMod(micros + sign * (interval.micros() % Dates.DAY_MICROS), Dates.DAY_MICROS);
    }

    private static void intervals(OperatorList list) {
        SqlType type = SqlType.INTERVAL;
        list.two("+", type, type, type, (a, b) -> ((Interval) a).plus((Interval) b));
        list.two("-", type, type, type, (a, b) -> ((Interval) a).minus((Interval) b));
        list.two("*", type, SqlType.FLOAT8, type, (a, b) -> ((Interval) a).times((Double) b));
        list.two("*", SqlType.FLOAT8, type, type, (a, b) -> ((Interval) b).times((Double) a));
        list.two("/", type, SqlType.FLOAT8, type, (a, b) -> ((Interval) a).dividedBy((Double) b));
        list.one("-", type, type, v -> ((Interval) v).negate());
        list.one("justify_hours", type, type, v -> ((Interval) v).justifyHours());
        list.one("justify_days", type, type, v -> ((Interval) v).justifyDays());
        list.one("justify_interval", type, type, v -> ((Interval) v).justify());
    }
}
