# The component as a container. What to set and how to run it: config/README.md, and config/compose.yml for a whole example.

FROM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
WORKDIR /build
# First what is to be restored, so that a change in the code does not fetch the packages again.
# (.editorconfig has the analyzers' settings, and a warning is an error.)
COPY .editorconfig ./
COPY src/Directory.Build.props src/Pure.targets src/BannedSymbols.txt src/
COPY src/Xmpp/Xmpp.csproj src/Xmpp/
COPY src/Rooms/Rooms.csproj src/Rooms/
COPY src/MucComponent/MucComponent.csproj src/MucComponent/
RUN dotnet restore src/MucComponent
COPY src src
RUN dotnet publish src/MucComponent -c Release -o /app --no-restore
# SQLite comes from the distribution, which keeps it patched; a rebuild takes in its fixes. It needs nothing but libc.
RUN apt-get update && apt-get install -y --no-install-recommends libsqlite3-0 \
    && mkdir /native /data && cp -L /usr/lib/*-linux-gnu/libsqlite3.so.0 /native/

# Ubuntu's libraries without a shell or a package manager. "extra" means with ICU: without it (alpine and the plain chiseled
# images) the preparation of JIDs and nicks silently does nothing. Must be the same Ubuntu release as above, for libsqlite3.
FROM mcr.microsoft.com/dotnet/runtime:10.0-noble-chiseled-extra
COPY --from=build /native /usr/lib
COPY --from=build /app /app
COPY --from=build --chown=1654:1654 /data /data
# Rooms are written here and nowhere else: the root file system can be read-only. No diagnostics socket in /tmp for that reason.
ENV MUC_DATA_DIR=/data DOTNET_EnableDiagnostics=0
VOLUME /data
# Npgsql would look for Kerberos' library first, which is not in the image, and complain. MUC_POSTGRES may ask for it all the same.
ENV PGGSSENCMODE=disable
# By number, so that an orchestrator can see that it is not root.
USER 1654:1654
# Healthy means ready: attached to the XMPP server or standing by, and the store answers. While that is so, the service touches
# /data/health every few seconds; --health looks whether it did so lately. It is no reason to restart the container: the
# service reconnects by itself. Whether it runs at all is --alive.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["/app/MucComponent", "--health"]
# Exec form, so SIGTERM reaches the service itself.
ENTRYPOINT ["/app/MucComponent"]
