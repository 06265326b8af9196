# One image for every role: docker run warung ROLE --help. docker-compose.yml says how they belong together.

FROM maven:3-eclipse-temurin-25 AS build
# More for Maven's command line, for example -o, or -s and a settings file in this directory.
ARG MAVEN_FLAGS=
WORKDIR /build
COPY . .
# The cache keeps downloaded jars from build to build. Tests and checks are the business of ./mvnw verify.
RUN --mount=type=cache,id=warung-maven,target=/maven \
    mvn -B -ntp -Dmaven.repo.local=/maven/repository $MAVEN_FLAGS -Dmaven.test.skip=true -Don.warning=-Xdiags:compact -pl stack -am package \
    && mkdir /project && mv stack/target/lib/warung-*.jar /project/ \
    && rm stack/target/lib/embedded-postgres-binaries-*.jar

FROM eclipse-temurin:25-jre
# A number of our own, so that it is nobody on the host.
RUN groupadd --gid 10001 warung \
    && useradd --uid 10001 --gid warung --no-create-home --home-dir /var/lib/warung warung \
    && install -d -o warung -g warung -m 0750 /var/lib/warung \
    && install -d -o warung -g warung -m 0700 /var/lib/warung-enrolment
# Third-party jars change seldom, so they are a layer of their own.
COPY --from=build /build/stack/target/lib /opt/warung/lib
COPY --from=build /project /opt/warung/project
COPY --chmod=0755 ops/image/warung ops/image/warung-health /usr/local/bin/
USER warung
WORKDIR /var/lib/warung
VOLUME /var/lib/warung
ENTRYPOINT ["warung"]
CMD ["--help"]
