package dev.warung.outlet.start;

import javax.management.MBeanServer;
import javax.management.MBeanServerBuilder;
import javax.management.MBeanServerDelegate;

/**
 * Spares the process JMX, which nobody asks an outlet by: Kafka's clients register a bean, and for that Java first describes all of its own,
 * those of its flight recorder too, a third of the time until the outlet reads (docs/bench.md).
 *
 * <p>Java makes one by the name in the property {@value #PROPERTY}, which is its own way of replacing the server of beans.
 */
public final class WithoutJmx extends MBeanServerBuilder {

    private static final String PROPERTY = "javax.management.builder.initial";

    /** Takes effect if nobody has asked for the server of beans yet. Whoever wants JMX sets the property to Java's own builder. */
    static void prepare() {
        if (System.getProperty(PROPERTY) == null) {
            System.setProperty(PROPERTY, WithoutJmx.class.getName());
        }
    }

    @Override
    public MBeanServer newMBeanServer(String domain, MBeanServer outer, MBeanServerDelegate delegate) {
        return new NoBeans(domain);
    }
}
