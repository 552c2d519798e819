FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /build
COPY src src
RUN dotnet publish src/MucComponent -c Release -o /app
FROM mcr.microsoft.com/dotnet/runtime:10.0
COPY --from=build /app /app
ENTRYPOINT ["/app/MucComponent"]
