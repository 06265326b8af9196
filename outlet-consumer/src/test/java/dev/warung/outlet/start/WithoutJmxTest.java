package dev.warung.outlet.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import javax.management.InstanceNotFoundException;
import javax.management.MBeanServer;
import javax.management.MBeanServerBuilder;
import javax.management.MBeanServerDelegate;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WithoutJmxTest {

    private static final String PROPERTY = "javax.management.builder.initial";

    @AfterEach
    void clear() {
        System.clearProperty(PROPERTY);
    }

    @Test
    void beansAreTakenAndNotKept() throws Exception {
        MBeanServer server = new WithoutJmx().newMBeanServer("outlet", null, new MBeanServerDelegate());
        ObjectName name = new ObjectName("kafka.admin.client:type=app-info,id=1");

        assertThat(server.registerMBean(this, name).getObjectName()).isEqualTo(name);
        assertThat(server.isRegistered(name)).isFalse();
        assertThat(server.queryNames(null, null)).isEmpty();
        assertThat(server.queryMBeans(null, null)).isEmpty();
        assertThat(server.getMBeanCount()).isZero();
        assertThat(server.getDefaultDomain()).isEqualTo("outlet");
        server.unregisterMBean(name);
        assertThatThrownBy(() -> server.getAttribute(name, "version"))
                .isInstanceOf(InstanceNotFoundException.class)
                .hasMessageContaining("no JMX");
        assertThatThrownBy(() -> server.instantiate("java.lang.Object")).isInstanceOf(ReflectionException.class);
    }

    @Test
    void whoWantsJmxSaysSo() {
        WithoutJmx.prepare();
        assertThat(System.getProperty(PROPERTY)).isEqualTo(WithoutJmx.class.getName());

        System.setProperty(PROPERTY, MBeanServerBuilder.class.getName());
        WithoutJmx.prepare();
        assertThat(System.getProperty(PROPERTY)).isEqualTo(MBeanServerBuilder.class.getName());
    }
}
