/** The first thing that a newcomer is shown; no apostrophes, as it is printed within those of a shell. */
export const FIRST_QUERY = `mutation {
  signIn(input: { email: "customer@madang.example", password: "madang-demo-1" }) {
    accessToken
  }
}`;
