package dev.warung.outlet.start;

import java.util.Set;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.InstanceNotFoundException;
import javax.management.MBeanInfo;
import javax.management.MBeanServer;
import javax.management.NotificationFilter;
import javax.management.NotificationListener;
import javax.management.ObjectInstance;
import javax.management.ObjectName;
import javax.management.QueryExp;
import javax.management.ReflectionException;
import javax.management.loading.ClassLoaderRepository;
import org.jspecify.annotations.Nullable;

/** A server that takes every bean and keeps none. Thread: any. */
final class NoBeans implements MBeanServer {

    private final String domain;

    NoBeans(String domain) {
        this.domain = domain;
    }

    @Override
    public ObjectInstance registerMBean(Object bean, ObjectName name) {
        return new ObjectInstance(name, bean.getClass().getName());
    }

    @Override
    public void unregisterMBean(ObjectName name) {}

    @Override
    public boolean isRegistered(ObjectName name) {
        return false;
    }

    @Override
    public Integer getMBeanCount() {
        return 0;
    }

    @Override
    public Set<ObjectInstance> queryMBeans(@Nullable ObjectName name, @Nullable QueryExp query) {
        return Set.of();
    }

    @Override
    public Set<ObjectName> queryNames(@Nullable ObjectName name, @Nullable QueryExp query) {
        return Set.of();
    }

    @Override
    public String getDefaultDomain() {
        return domain;
    }

    @Override
    public String[] getDomains() {
        return new String[0];
    }

    @Override
    public ObjectInstance createMBean(String type, ObjectName name) throws ReflectionException {
        throw notMade(type);
    }

    @Override
    public ObjectInstance createMBean(String type, ObjectName name, ObjectName loader) throws ReflectionException {
        throw notMade(type);
    }

    @Override
    public ObjectInstance createMBean(String type, ObjectName name, Object[] arguments, String[] signature)
            throws ReflectionException {
        throw notMade(type);
    }

    @Override
    public ObjectInstance createMBean(
            String type, ObjectName name, ObjectName loader, Object[] arguments, String[] signature)
            throws ReflectionException {
        throw notMade(type);
    }

    @Override
    public Object instantiate(String type) throws ReflectionException {
        throw notMade(type);
    }

    @Override
    public Object instantiate(String type, ObjectName loader) throws ReflectionException {
        throw notMade(type);
    }

    @Override
    public Object instantiate(String type, Object[] arguments, String[] signature) throws ReflectionException {
        throw notMade(type);
    }

    @Override
    public Object instantiate(String type, ObjectName loader, Object[] arguments, String[] signature)
            throws ReflectionException {
        throw notMade(type);
    }

    @Override
    public ObjectInstance getObjectInstance(ObjectName name) throws InstanceNotFoundException {
        throw unknown(name);
    }

    @Override
    public Object getAttribute(ObjectName name, String attribute) throws InstanceNotFoundException {
        throw unknown(name);
    }

    @Override
    public AttributeList getAttributes(ObjectName name, String[] attributes) throws InstanceNotFoundException {
        throw unknown(name);
    }

    @Override
    public void setAttribute(ObjectName name, Attribute attribute) throws InstanceNotFoundException {
        throw unknown(name);
    }

    @Override
    public AttributeList setAttributes(ObjectName name, AttributeList attributes) throws InstanceNotFoundException {
        throw unknown(name);
    }

    @Override
    public Object invoke(ObjectName name, String operation, Object[] arguments, String[] signature)
            throws InstanceNotFoundException {
        throw unknown(name);
    }

    @Override
    public void addNotificationListener(
            ObjectName name, NotificationListener listener, NotificationFilter filter, Object handback)
            throws InstanceNotFoundException {
        throw unknown(name);
    }

    @Override
    public void addNotificationListener(
            ObjectName name, ObjectName listener, NotificationFilter filter, Object handback)
            throws InstanceNotFoundException {
        throw unknown(name);
    }

    @Override
    public void removeNotificationListener(ObjectName name, ObjectName listener) throws InstanceNotFoundException {
        throw unknown(name);
    }

    @Override
    public void removeNotificationListener(
            ObjectName name, ObjectName listener, NotificationFilter filter, Object handback)
            throws InstanceNotFoundException {
        throw unknown(name);
    }

    @Override
    public void removeNotificationListener(ObjectName name, NotificationListener listener)
            throws InstanceNotFoundException {
        throw unknown(name);
    }

    @Override
    public void removeNotificationListener(
            ObjectName name, NotificationListener listener, NotificationFilter filter, Object handback)
            throws InstanceNotFoundException {
        throw unknown(name);
    }

    @Override
    public MBeanInfo getMBeanInfo(ObjectName name) throws InstanceNotFoundException {
        throw unknown(name);
    }

    @Override
    public boolean isInstanceOf(ObjectName name, String type) throws InstanceNotFoundException {
        throw unknown(name);
    }

    @Override
    public ClassLoader getClassLoaderFor(ObjectName name) throws InstanceNotFoundException {
        throw unknown(name);
    }

    @Override
    public ClassLoader getClassLoader(ObjectName name) throws InstanceNotFoundException {
        throw unknown(name);
    }

    @Override
    public ClassLoaderRepository getClassLoaderRepository() {
        throw new UnsupportedOperationException("this process has no JMX");
    }

    private static InstanceNotFoundException unknown(ObjectName name) {
        return new InstanceNotFoundException(name + ": this process has no JMX");
    }

    private static ReflectionException notMade(String type) {
        return new ReflectionException(new ClassNotFoundException(type), "this process has no JMX");
    }
}
