/** The first things that a newcomer is shown; no apostrophes, as they are printed within those of a shell. */
export const FIRST_QUERY = '{ books(first: 3) { edges { node { id title price } } } }';
export const SIGN_IN = 'mutation { signIn(input: { email: "customer@madang.example", password: "madang-demo-1" }) { accessToken } }';
