declare module 'kafkajs/src/network/requestQueue/index.js' {
  const RequestQueue: abstract new () => object;
  export default RequestQueue;
}
